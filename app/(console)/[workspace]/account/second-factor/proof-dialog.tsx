'use client'
import { useState } from 'react'
import { Field, INPUT } from '@/app/_ui/field'
import { FormDialog } from '@/app/_ui/form-dialog'

type Props = {
  title: string
  description: string
  verb: string
  isPending: boolean
  error: { message: string } | null
  onProve: (proof: string) => void
  onClose: () => void
}

/** Asks again who it is before what signs somebody in is changed. */
export function ProofDialog({ onProve, ...dialog }: Props) {
  const [proof, setProof] = useState('')
  return (
    <FormDialog {...dialog} onSubmit={() => onProve(proof)}>
      <Field label="Your password, or a code" hint="A code of your authenticator, or a recovery code.">
        <input
          type="password"
          value={proof}
          onChange={(event) => setProof(event.target.value)}
          required
          autoComplete="current-password"
          className={INPUT}
        />
      </Field>
    </FormDialog>
  )
}
