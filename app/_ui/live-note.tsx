'use client'
import { useLiveState } from '@/app/_lib/live'
import { Time } from './time'

/** Says calmly whether the figures on screen are of now. Its height never changes. */
export function LiveNote() {
  const state = useLiveState()
  return (
    <p role="status" className="flex min-h-5 items-center gap-2">
      {state.phase === 'live' ? (
        <>
          <Dot className="bg-clean" /> Live, every second
        </>
      ) : state.phase === 'connecting' ? (
        <>
          <Dot className="bg-line-strong" /> Connecting
        </>
      ) : state.phase === 'ended' ? (
        <>
          <Dot className="bg-watching" /> Your session has ended.{' '}
          <a href="/sign-in" className="underline underline-offset-2">
            Sign in again
          </a>
        </>
      ) : (
        <>
          <Dot className="bg-watching" />
          <span>
            Live figures paused at <Time atMs={state.sinceMs} />. Nodes protect themselves meanwhile; we are
            reconnecting.
          </span>
        </>
      )}
    </p>
  )
}

const Dot = ({ className }: { className: string }) => (
  <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${className}`} />
)
