'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/app/_lib/trpc'
import { useSettle } from '@/app/_lib/use-settle'
import { Button } from '@/app/_ui/button'
import { FormDialog } from '@/app/_ui/form-dialog'
import { Section } from '@/app/_ui/section'

type Props = { workspace: string; isRequired: boolean; without: string[] }

/** Whether everyone needs a second factor; asks before it closes the workspace to those without. */
export function SecondFactorRule({ workspace, isRequired, without }: Props) {
  const trpc = useTRPC()
  const [isAsking, setAsking] = useState(false)
  const { onSuccess, onError } = useSettle([trpc.signIn.get.queryKey({ workspace })])
  const close = () => setAsking(false)
  const require = useMutation(
    trpc.signIn.requireSecondFactor.mutationOptions({
      onSuccess: async () => {
        await onSuccess()
        close()
      },
      onError,
    }),
  )
  const set = (next: boolean) => require.mutate({ workspace, isRequired: next })
  return (
    <Section title="Second factor">
      <div className="flex flex-col items-start gap-3">
        <p className="max-w-2xl text-soft">
          {isRequired
            ? 'Everyone needs one. Whoever lacks it is led to set it up before anything of the workspace opens.'
            : 'Each member decides. With it, a password or a mailbox that falls into wrong hands opens nothing.'}
        </p>
        <p className="max-w-2xl text-soft wrap-anywhere">{withoutWords(without)}</p>
        {isRequired ? (
          <Button onClick={() => set(false)} disabled={require.isPending}>
            Ask for it no longer
          </Button>
        ) : (
          <Button onClick={() => setAsking(true)}>Ask everyone for one</Button>
        )}
      </div>
      {isAsking ? (
        <FormDialog
          title="Ask everyone for a second factor?"
          description={`${withoutWords(without)} For those the workspace closes within seconds, on open pages as well, until they set one up. It takes a minute.`}
          verb="Ask everyone"
          isPending={require.isPending}
          error={require.error}
          onSubmit={() => set(true)}
          onClose={close}
        />
      ) : null}
    </Section>
  )
}

const NAMED_MAX = 8

function withoutWords(names: string[]): string {
  if (names.length === 0) return 'Every member has one.'
  if (names.length === 1) return `${names[0]} has none yet.`
  const named = names.slice(0, NAMED_MAX)
  const rest = names.length - named.length
  return `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''} have none yet.`
}
