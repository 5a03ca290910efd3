'use client'
import { Plus, X } from 'lucide-react'
import { allZones, msOf, wallOf, zoneWords } from '@/app/_lib/zones'
import { Button } from '@/app/_ui/button'
import { Field, INPUT } from '@/app/_ui/field'

/** What the fields hold: times as the zone's clock shows them; empty texts: as the group above. */
export type ScheduleDraft = {
  timeZone: string
  audience: string
  windows: { key: number; start: string; end: string }[]
}

type Span = { startsMs: number; endsMs: number }

let keys = 0
const newWindow = (start = '', end = '') => {
  keys += 1
  return { key: keys, start, end }
}

export const draftOf = (
  {
    timeZone,
    audienceTimes,
    windows,
  }: { timeZone: string | null; audienceTimes: number | null; windows: readonly Span[] },
  zone: string,
): ScheduleDraft => ({
  timeZone: timeZone ?? '',
  audience: audienceTimes === null ? '' : String(audienceTimes),
  windows: windows.map(({ startsMs, endsMs }) => newWindow(wallOf(startsMs, zone), wallOf(endsMs, zone))),
})

/** What the verbs take; windows left empty are left out. @throws when a time is missing its other half */
export function readDraft({ timeZone, audience, windows }: ScheduleDraft, inherited: string) {
  const zone = timeZone || inherited
  return {
    timeZone: timeZone || null,
    audienceTimes: audience === '' ? null : Number(audience),
    windows: windows
      .filter(({ start, end }) => start !== '' || end !== '')
      .map(({ start, end }) => {
        const [startsMs, endsMs] = [msOf(start, zone), msOf(end, zone)]
        if (startsMs === null || endsMs === null) throw new Error('Give each time on air a start and an end.')
        if (endsMs <= startsMs) throw new Error('A time on air must end after it begins.')
        return { startsMs, endsMs }
      }),
  }
}

type Props = {
  draft: ScheduleDraft
  /** Zone and audience of the group above, which hold where nothing is chosen. */
  inherited: { zone: string; audience: number; isOwn: boolean }
  onChange: (draft: ScheduleDraft) => void
}

/** Times on air, the zone they are written in, and how large an audience to expect. */
export function ScheduleFields({ draft, inherited, onChange }: Props) {
  const { timeZone, audience, windows } = draft
  const zone = timeZone || inherited.zone
  const setWindow = (key: number, change: { start?: string; end?: string }) =>
    onChange({ ...draft, windows: windows.map((one) => (one.key === key ? { ...one, ...change } : one)) })
  return (
    <>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1.5 font-medium">
          On air <span className="font-normal text-faint">as clocks in {zoneWords(zone)} show it</span>
        </legend>
        {windows.map(({ key, start, end }, index) => (
          <div key={key} className="flex flex-wrap items-center gap-2">
            <input
              type="datetime-local"
              aria-label={`Start of time ${index + 1}`}
              value={start}
              onChange={(event) => setWindow(key, { start: event.target.value })}
              className={`${INPUT} !w-auto flex-1`}
            />
            <span className="text-faint">to</span>
            <input
              type="datetime-local"
              aria-label={`End of time ${index + 1}`}
              value={end}
              min={start}
              onChange={(event) => setWindow(key, { end: event.target.value })}
              className={`${INPUT} !w-auto flex-1`}
            />
            <Button
              kind="quiet"
              className="!px-2"
              aria-label={`Remove time ${index + 1}`}
              onClick={() => onChange({ ...draft, windows: windows.filter((one) => one.key !== key) })}
            >
              <X aria-hidden="true" size={14} />
            </Button>
          </div>
        ))}
        <div>
          <Button kind="quiet" onClick={() => onChange({ ...draft, windows: [...windows, newWindow()] })}>
            <Plus aria-hidden="true" size={14} /> Add a time
          </Button>
        </div>
      </fieldset>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Time zone" hint={inherited.isOwn ? 'Times of everything in it are shown in it.' : undefined}>
          <select
            value={timeZone}
            onChange={(event) => onChange({ ...draft, timeZone: event.target.value })}
            className={INPUT}
          >
            <option value="">
              {inherited.isOwn ? zoneWords(inherited.zone) : `As above: ${zoneWords(inherited.zone)}`}
            </option>
            {allZones().map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </Field>
        <Field label="Expected audience" hint="How many times the usual. Nodes do not mistake it for an attack.">
          <input
            type="number"
            min={1}
            max={100}
            step="any"
            value={audience}
            onChange={(event) => onChange({ ...draft, audience: event.target.value })}
            placeholder={`${inherited.audience}× usual`}
            className={INPUT}
          />
        </Field>
      </div>
    </>
  )
}
