'use client'
import { useMutation } from '@tanstack/react-query'
import { useTRPC } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'

/** Asks the issuer now, before anybody relies on it. */
export function IssuerTest({ workspace, issuer }: { workspace: string; issuer: string }) {
  const trpc = useTRPC()
  const test = useMutation(trpc.signIn.testIssuer.mutationOptions())
  // What was found out about another address says nothing of this one.
  const isAbout = test.variables?.issuer === issuer
  const found = isAbout ? test.data : undefined
  return (
    <div className="-mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
      <Button onClick={() => test.mutate({ workspace, issuer })} disabled={issuer === '' || test.isPending}>
        {test.isPending ? 'Asking…' : 'Test the issuer'}
      </Button>
      <p aria-live="polite" className="min-w-0 wrap-anywhere">
        {found?.isGood === true ? (
          <span className="text-clean">
            <span aria-hidden="true">● </span>It answers. People will sign in at {found.signInAt}.
          </span>
        ) : null}
        {found?.isGood === false ? (
          <span className="text-attack">
            <span aria-hidden="true">▲ </span>
            {found.problem}
          </span>
        ) : null}
        {isAbout && test.error ? <span className="text-attack">{test.error.message}</span> : null}
      </p>
    </div>
  )
}
