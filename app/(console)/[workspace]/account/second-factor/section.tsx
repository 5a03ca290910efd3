'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/app/_lib/trpc'
import { useRefresh } from '@/app/_lib/use-settle'
import { Button } from '@/app/_ui/button'
import { Section } from '@/app/_ui/section'
import { Time } from '@/app/_ui/time'
import { useToast } from '@/app/_ui/toast'
import { ProofDialog } from './proof-dialog'
import { RecoveryCodes } from './recovery-codes'
import { SetUp } from './set-up'

export type SecondFactorView = {
  isOn: boolean
  sinceMs: number | null
  codesLeft: number
  hasPassword: boolean
  isOfIssuer: boolean
}

type Props = { account: string; secondFactor: SecondFactorView }

/** Whether a code is asked for after the first step of signing in, and all that belongs to it. */
export function SecondFactorSection({ account, secondFactor: loaded }: Props) {
  const trpc = useTRPC()
  const options = trpc.secondFactor.get.queryOptions()
  const { data: factor } = useQuery({ ...options, initialData: loaded })
  const refresh = useRefresh([options.queryKey])
  const [isSettingUp, setSettingUp] = useState(false)
  const done = async () => {
    setSettingUp(false)
    await refresh()
  }
  return (
    <Section title="Second factor">
      {factor.isOfIssuer ? (
        <p className="max-w-xl text-soft">
          Your organisation signed you in, and looks after the second step. What you set up here for a password or a
          link by mail can be changed once you signed in by one of these.
        </p>
      ) : isSettingUp ? (
        <SetUp
          account={account}
          hasPassword={factor.hasPassword}
          onDone={() => void done()}
          onCancel={() => setSettingUp(false)}
        />
      ) : factor.isOn ? (
        <Standing account={account} factor={factor} onChanged={() => void refresh()} />
      ) : (
        <div className="flex flex-col items-start gap-3">
          <p className="max-w-xl text-soft">
            None. Whoever has your password, or reads your mail, can sign in as you. A code from your phone stops that.
          </p>
          <Button onClick={() => setSettingUp(true)}>Set up a second factor</Button>
        </div>
      )}
    </Section>
  )
}

function Standing({
  account,
  factor,
  onChanged,
}: {
  account: string
  factor: SecondFactorView
  onChanged: () => void
}) {
  const trpc = useTRPC()
  const toast = useToast()
  const [asked, setAsked] = useState<'off' | 'codes' | null>(null)
  const renew = useMutation(trpc.secondFactor.newCodes.mutationOptions({ onSuccess: () => setAsked(null) }))
  const disable = useMutation(
    trpc.secondFactor.disable.mutationOptions({
      onSuccess: () => {
        setAsked(null)
        onChanged()
        toast({ title: 'The second factor is off', text: 'Signing in asks for the first step alone from now on.' })
      },
    }),
  )
  if (renew.data) {
    const seen = () => {
      renew.reset()
      onChanged()
    }
    return <RecoveryCodes codes={renew.data.codes} account={account} onDone={seen} />
  }
  const close = () => setAsked(null)
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="max-w-xl text-soft">
        On
        {factor.sinceMs === null ? null : (
          <>
            {' '}
            since <Time atMs={factor.sinceMs} form="auto" />
          </>
        )}
        . Signing in asks for a code of your authenticator. {codesWords(factor.codesLeft)}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setAsked('codes')}>Make new recovery codes</Button>
        <Button kind="quiet" onClick={() => setAsked('off')}>
          Switch it off
        </Button>
      </div>
      {asked === 'codes' ? (
        <ProofDialog
          title="Make new recovery codes"
          description="You get ten new ones. Those you have are good no more."
          verb="Make new codes"
          isPending={renew.isPending}
          error={renew.error}
          onProve={(proof) => renew.mutate({ proof })}
          onClose={close}
        />
      ) : null}
      {asked === 'off' ? (
        <ProofDialog
          title="Switch the second factor off?"
          description="Workspaces that ask everyone for one close to you until you set one up again."
          verb="Switch it off"
          isPending={disable.isPending}
          error={disable.error}
          onProve={(proof) => disable.mutate({ proof })}
          onClose={close}
        />
      ) : null}
    </div>
  )
}

const codesWords = (left: number): string => {
  if (left === 0) return 'No recovery code is left: make new ones before you lose your phone.'
  return left === 1 ? 'One recovery code is left.' : `${left} recovery codes are left.`
}
