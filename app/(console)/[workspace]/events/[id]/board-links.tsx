'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/app/_lib/trpc'
import { msOf, shortMoment, wallOf, zoneWords } from '@/app/_lib/zones'
import { Button } from '@/app/_ui/button'
import { Field, INPUT } from '@/app/_ui/field'
import { Section } from '@/app/_ui/section'
import { Time } from '@/app/_ui/time'
import { useToast } from '@/app/_ui/toast'
import type { EventView } from '@/server/trpc/event-view'
import type { BoardLinkView } from '@/server/trpc/routers/boards'
import { CopyField } from './copy-field'

type Props = { workspace: string; view: EventView; loaded: BoardLinkView[]; nowMs: number }

const DAY_MS = 86_400_000

/** Who may watch without an account, until when; what is taken back is gone within seconds. */
export function BoardLinks({ workspace, view: { event, inside }, loaded, nowMs }: Props) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const toast = useToast()
  const { id, zone } = event
  const options = trpc.boards.links.queryOptions({ workspace, id })
  const { data: links } = useQuery({ ...options, initialData: loaded, refetchInterval: 30_000 })
  const [isAdding, setIsAdding] = useState(false)
  const [made, setMade] = useState<{ id: string; url: string } | null>(null)
  const refresh = () => queries.invalidateQueries({ queryKey: options.queryKey })
  const revoke = useMutation(
    trpc.boards.revokeLink.mutationOptions({
      onSuccess: async (_, { id: revoked }) => {
        if (made?.id === revoked) setMade(null)
        await refresh()
        toast({ title: 'The link is taken back', text: 'Boards that are open by it go dark within five seconds.' })
      },
    }),
  )
  const lastEndMs = Math.max(nowMs, ...[event, ...inside].flatMap(({ windows }) => windows.map(({ endsMs }) => endsMs)))
  return (
    <Section title="Board links" aside="Clean, under mitigation or impaired, per match. No addresses." id="board">
      {links.length === 0 && !isAdding ? (
        <p className="text-soft">
          Nobody watches without an account yet. A link shows the board of this event to whoever has it, until it ends
          or you take it back.
        </p>
      ) : null}
      <ul className="flex flex-col">
        {links.map((link) => (
          <li
            key={link.id}
            className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 border-b border-line py-2 last:border-0"
          >
            <span className="min-w-0">
              <span className="font-medium [overflow-wrap:anywhere]">{link.name}</span>
              {link.showsRates ? <span className="ml-2 text-sm text-faint">with rates</span> : null}
              <span className="block text-sm text-faint">
                until {shortMoment(link.expiresMs, zone)} {zoneWords(zone)},{' '}
                {link.lastOpenedMs === null ? (
                  'not opened yet'
                ) : (
                  <>
                    opened <Time atMs={link.lastOpenedMs} form="auto" />
                  </>
                )}
              </span>
            </span>
            <Button kind="quiet" disabled={revoke.isPending} onClick={() => revoke.mutate({ workspace, id: link.id })}>
              Take back<span className="sr-only"> the link {link.name}</span>
            </Button>
          </li>
        ))}
      </ul>
      {made ? <NewLink url={made.url} matches={inside.filter(({ kind }) => kind === 'match')} /> : null}
      <p role="alert" className="text-attack empty:hidden">
        {revoke.error?.message}
      </p>
      {isAdding ? (
        <LinkForm
          workspace={workspace}
          event={event}
          untilMs={lastEndMs + DAY_MS}
          onClose={() => setIsAdding(false)}
          onMade={async (link) => {
            setMade(link)
            setIsAdding(false)
            await refresh()
          }}
        />
      ) : (
        <div>
          <Button onClick={() => setIsAdding(true)}>Make a link</Button>
        </div>
      )}
    </Section>
  )
}

type FormProps = {
  workspace: string
  event: EventView['event']
  untilMs: number
  onClose: () => void
  onMade: (link: { id: string; url: string }) => void
}

function LinkForm({ workspace, event: { id, zone }, untilMs, onClose, onMade }: FormProps) {
  const trpc = useTRPC()
  const [name, setName] = useState('')
  const [until, setUntil] = useState(() => wallOf(untilMs, zone))
  const [showsRates, setShowsRates] = useState(false)
  const create = useMutation(trpc.boards.createLink.mutationOptions({ onSuccess: onMade }))
  return (
    <form
      aria-label="Make a link"
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate({ workspace, id, name, showsRates, expiresMs: msOf(until, zone) ?? 0 })
      }}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="For whom">
          <input
            value={name}
            onChange={(event) => setName(event.target.value)}
            required
            maxLength={80}
            placeholder="Studio wall"
            className={INPUT}
          />
        </Field>
        <Field label="Until" hint={`as clocks in ${zoneWords(zone)} show it`}>
          <input
            type="datetime-local"
            required
            value={until}
            onChange={(event) => setUntil(event.target.value)}
            className={INPUT}
          />
        </Field>
      </div>
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          checked={showsRates}
          onChange={(event) => setShowsRates(event.target.checked)}
          className="accent-accent"
        />
        Show packet and bit rates too
      </label>
      <p role="alert" className="text-attack empty:hidden">
        {create.error?.message}
      </p>
      <div className="flex gap-2">
        <Button kind="primary" type="submit" disabled={create.isPending}>
          Make the link
        </Button>
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

/** The only time that it can be read: what is kept is a hash. */
function NewLink({ url, matches }: { url: string; matches: EventView['inside'] }) {
  const [match, setMatch] = useState('')
  return (
    <div className="flex flex-col gap-3 rounded-lg border border-accent p-3">
      <p className="font-medium">Copy it now: it is not shown again.</p>
      <CopyField label="Board, for a screen" value={url} />
      <div className="flex flex-col gap-1.5">
        <CopyField
          label="Overlay for OBS, 240 × 64 px, transparent"
          value={`${url}/overlay${match === '' ? '' : `?match=${match}`}`}
        />
        {matches.length > 1 ? (
          <label className="flex flex-wrap items-center gap-2 text-sm text-soft">
            of
            <select
              value={match}
              onChange={(event) => setMatch(event.target.value)}
              className="h-7 max-w-full rounded-md border border-line bg-surface px-1.5 text-ink"
            >
              <option value="">the match on air that needs most attention</option>
              {matches.slice(0, 200).map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        ) : null}
      </div>
    </div>
  )
}
