'use client'
import { OctagonX } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { ask, tell } from '@/app/_lib/ask'
import { useLive } from '@/app/_lib/live'
import { scopeWords } from '@/app/_lib/policy-words'
import { useFresh } from '@/app/_lib/use-fresh'
import { Button } from '@/app/_ui/button'
import { Time } from '@/app/_ui/time'
import { useToast } from '@/app/_ui/toast'
import type { StopView } from '@/server/trpc/policy-view'

const AGAIN_MS = 30_000

type Props = { workspace: string; loaded: StopView[] }

/** On every page while mitigation is stopped somewhere: where, until when, why, and one press to go on. */
export function StopBanner({ workspace, loaded }: Props) {
  const live = useLive()
  const load = useCallback(() => ask('policies.stops', { workspace }), [workspace])
  const [known, refresh] = useFresh(loaded, load, AGAIN_MS)
  const stops = useNotOver(known)
  useEffect(() => {
    const offs = [live.on('policy', refresh), live.onJoin(refresh)]
    return () => {
      for (const off of offs) off()
    }
  }, [live, refresh])
  return (
    <div role="status" aria-label="Stopped mitigation">
      {stops.map((stop) => (
        <Line key={stop.id} workspace={workspace} stop={stop} onChange={refresh} />
      ))}
    </div>
  )
}

/** A stop ends by itself: the banner goes at that second, without being told. */
function useNotOver(stops: StopView[]): StopView[] {
  const [, look] = useState(0)
  const nextMs = Math.min(...stops.map(({ untilMs }) => untilMs).filter((untilMs) => untilMs > Date.now()))
  useEffect(() => {
    if (!Number.isFinite(nextMs)) return
    const timer = setTimeout(() => look((count) => count + 1), Math.max(0, nextMs - Date.now()) + 20)
    return () => clearTimeout(timer)
  }, [nextMs])
  return stops.filter(({ untilMs }) => untilMs > Date.now())
}

function Line({ workspace, stop, onChange }: { workspace: string; stop: StopView; onChange: () => void }) {
  const toast = useToast()
  const [isPending, setPending] = useState(false)
  const resume = () => {
    setPending(true)
    tell('policies.resume', { workspace, id: stop.id })
      .catch((error: Error) => toast({ title: 'Nothing was changed', text: error.message }))
      .finally(() => {
        setPending(false)
        onChange()
      })
  }
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b-2 border-attack bg-raised px-4 py-2.5 sm:px-6 lg:px-8">
      <OctagonX aria-hidden="true" size={18} className="shrink-0 text-attack" />
      <p className="min-w-0 flex-1 basis-64 [overflow-wrap:anywhere]">
        <strong className="font-semibold text-attack">Mitigation is stopped in {scopeWords(stop.scope)}</strong> until{' '}
        <Time atMs={stop.untilMs} form="today" />. Attacks are seen and recorded, nothing is dropped.
        {stop.reason === null ? null : (
          <span className="text-soft">
            {' '}
            {stop.startedBy}: “{stop.reason}”
          </span>
        )}
      </p>
      {stop.mayResume ? (
        <Button kind="stop" disabled={isPending} onClick={resume}>
          Resume now<span className="sr-only"> in {scopeWords(stop.scope)}</span>
        </Button>
      ) : null}
    </div>
  )
}
