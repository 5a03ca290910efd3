'use client'
import { useQuery } from '@tanstack/react-query'
import { chainWords } from '@/app/_lib/chain-words'
import { useTRPC } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'

/** Reckons the whole chain again when pressed, and says what came of it. */
export function ChainCheck({ workspace }: { workspace: string }) {
  const trpc = useTRPC()
  const check = useQuery({ ...trpc.audit.verify.queryOptions({ workspace }), enabled: false, retry: false })
  return (
    <div className="flex flex-col items-start gap-2 sm:items-end">
      <Button onClick={() => void check.refetch()} disabled={check.isFetching}>
        {check.isFetching ? 'Checking…' : 'Check the chain'}
      </Button>
      <div aria-live="polite" className="max-w-md text-sm sm:text-right">
        {check.error ? <p className="text-attack">{check.error.message}</p> : null}
        {check.data ? <Outcome {...chainWords(check.data)} hash={check.data.head.hash} /> : null}
      </div>
    </div>
  )
}

function Outcome({ isWhole, text, hash }: { isWhole: boolean; text: string; hash: string }) {
  return (
    <>
      <p className={isWhole ? 'text-clean' : 'font-medium text-attack'}>
        <span aria-hidden="true">{isWhole ? '● ' : '▲ '}</span>
        {text}
      </p>
      {isWhole ? (
        <p className="text-soft">
          Ends with <code className="font-mono wrap-anywhere">{hash}</code>. Keep it elsewhere: it shows later that
          nothing up to here was rewritten.
        </p>
      ) : null}
    </>
  )
}
