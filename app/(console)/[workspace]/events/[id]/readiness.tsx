'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useTRPC } from '@/app/_lib/trpc'
import { Section } from '@/app/_ui/section'
import type { Check, CheckKey, CheckState } from '@/server/services/events/checks'

type Props = { workspace: string; id: string; loaded: Check[] }

const TITLES: Record<CheckKey, string> = {
  servers: 'Servers',
  online: 'Reporting',
  baselines: 'Baselines',
  agents: 'Agents',
  alerts: 'Alerts',
  evidence: 'Evidence',
  air: 'Times on air',
  clashes: 'Clashes',
  board: 'Board',
}

const WORDS: Record<CheckState, string> = { ok: 'ready', attention: 'look at it', missing: 'not ready' }

/** Where something can be mended in the console. */
const PLACES: Partial<Record<CheckKey, { path: string; name: string }>> = {
  servers: { path: '', name: 'Fleet' },
  online: { path: '', name: 'Fleet' },
  baselines: { path: '', name: 'Fleet' },
}

/** What the event still needs before it goes on air, from what is stored now. */
export function Readiness({ workspace, id, loaded }: Props) {
  const trpc = useTRPC()
  const { data: checks } = useQuery({
    ...trpc.events.readiness.queryOptions({ workspace, id }),
    initialData: loaded,
    refetchInterval: 15_000,
  })
  const ready = checks.filter(({ state }) => state === 'ok').length
  return (
    <Section title="Readiness" aside={`${ready} of ${checks.length} ready`} id="readiness">
      <ul className="flex flex-col">
        {checks.map(({ key, state, words, mend }) => (
          <li
            key={key}
            className="grid grid-cols-[20px_minmax(0,1fr)] gap-x-2 border-b border-line py-2 last:border-0 sm:grid-cols-[20px_110px_minmax(0,1fr)]"
          >
            <CheckMark state={state} />
            <span className="font-medium">
              {TITLES[key]}
              <span className="sr-only">, {WORDS[state]}</span>
            </span>
            <span className="col-start-2 min-w-0 [overflow-wrap:anywhere] sm:col-start-3">
              <span className={state === 'ok' ? 'text-soft' : ''}>{words}</span>{' '}
              {mend === null ? null : <span className="text-soft">{mend}</span>}{' '}
              {mend === null ? null : <Place workspace={workspace} place={PLACES[key]} />}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Place({ workspace, place }: { workspace: string; place: { path: string; name: string } | undefined }) {
  if (!place) return null
  return (
    <Link href={`/${workspace}${place.path}`} prefetch={false} className="text-accent underline underline-offset-2">
      {place.name}
    </Link>
  )
}

const CHECK_COLOURS: Record<CheckState, string> = {
  ok: 'text-clean',
  attention: 'text-watching',
  missing: 'text-attack',
}

/** A tick, a diamond or a cross; its word is read beside it. */
function CheckMark({ state }: { state: CheckState }) {
  return (
    <svg
      aria-hidden="true"
      width="14"
      height="14"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.25"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={`mt-[3px] ${CHECK_COLOURS[state]}`}
    >
      {state === 'ok' ? (
        <path d="M2.5 8.5 6.5 12.5 13.5 4" />
      ) : state === 'attention' ? (
        <path d="M8 1.8 14.2 8 8 14.2 1.8 8Z" />
      ) : (
        <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" />
      )}
    </svg>
  )
}
