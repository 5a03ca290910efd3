'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Field, INPUT } from '@/app/_ui/field'
import { RecoveryCodes } from './recovery-codes'

type Props = { account: string; hasPassword: boolean; onDone: () => void; onCancel?: () => void }

/** From the password over the picture and its first code to the recovery codes. */
export function SetUp({ account, hasPassword, onDone, onCancel }: Props) {
  const trpc = useTRPC()
  const [typed, setTyped] = useState('')
  const begin = useMutation(trpc.secondFactor.begin.mutationOptions({ onSuccess: () => setTyped('') }))
  const confirm = useMutation(trpc.secondFactor.confirm.mutationOptions())
  if (confirm.data) return <RecoveryCodes codes={confirm.data.codes} account={account} onDone={onDone} />
  const step = begin.data ? confirm : begin
  const send = () => (begin.data ? confirm.mutate({ code: typed }) : begin.mutate({ password: typed }))
  return (
    <form
      className="flex max-w-xl flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {begin.data ? (
        <>
          <Secret {...begin.data} />
          <Field label="Code" hint="The six digits that the app shows now.">
            <input
              // biome-ignore lint/a11y/noAutofocus: the form has just asked for this
              autoFocus
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              required
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={12}
              className={`${INPUT} figures max-w-40 font-mono`}
            />
          </Field>
        </>
      ) : (
        <>
          <p className="text-soft">
            An app on your phone shows a new code every half minute; signing in asks for one after the password. Any
            authenticator will do. You need it at hand now.
          </p>
          {hasPassword ? (
            <Field label="Your password" hint="So that nobody who finds this page open sets up theirs.">
              <input
                type="password"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                required
                autoComplete="current-password"
                className={`${INPUT} max-w-80`}
              />
            </Field>
          ) : null}
        </>
      )}
      <p role="alert" className="min-h-5 text-attack">
        {step.error?.message}
      </p>
      <div className="flex gap-2">
        <Button kind="primary" type="submit" disabled={step.isPending}>
          {begin.data ? 'Switch it on' : 'Show the picture to scan'}
        </Button>
        {onCancel ? (
          <Button kind="quiet" onClick={onCancel}>
            Cancel
          </Button>
        ) : null}
      </div>
    </form>
  )
}

function Secret({ secret, qr }: { secret: string; qr: { size: number; path: string } }) {
  return (
    <div className="flex flex-col gap-4 sm:flex-row">
      <svg
        role="img"
        aria-label="QR code for your authenticator"
        viewBox={`0 0 ${qr.size} ${qr.size}`}
        shapeRendering="crispEdges"
        className="size-48 shrink-0 rounded-md border border-line bg-paper text-paper-ink"
      >
        <path d={qr.path} fill="currentColor" />
      </svg>
      <div className="flex flex-col gap-2">
        <p>Scan this with the app.</p>
        <p className="text-soft">No camera? Type this into it, as a time-based key:</p>
        <code className="font-mono wrap-anywhere">{secret.match(/.{4}/g)?.join(' ')}</code>
      </div>
    </div>
  )
}
