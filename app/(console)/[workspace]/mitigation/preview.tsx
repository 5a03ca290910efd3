import Link from 'next/link'
import { packetCount, percent, wholeNumber } from '@/app/_lib/figures'
import { ACTION_WORDS } from '@/app/_lib/policy-draft'
import { betweenPackets, nodesWords } from '@/app/_lib/policy-words'
import { PacketRate } from '@/app/_ui/figure'
import { Cell, HeadCell, Row, Table } from '@/app/_ui/table'
import { Time } from '@/app/_ui/time'
import type { ReviewView } from '@/server/trpc/policy-view'
import { VECTORS } from '@/wire/vectors'

type Given = ReviewView['preview']
type Outcome = Given['differing'][number]

/** What the draft would have made of the incidents there were, by the kernel's own counts. */
export function Preview({ workspace, preview }: { workspace: string; preview: Given }) {
  return (
    <div className="flex flex-col gap-3">
      <p>{attacks(preview)}</p>
      {preview.differing.length > 0 ? <Differing workspace={workspace} preview={preview} /> : null}
      <ul className="flex flex-col gap-1 text-soft">
        {notes(preview).map((note) => (
          <li key={note}>{note}</li>
        ))}
        <li>{pace(preview)}</li>
      </ul>
      <p className="text-sm text-faint">{resolution(preview)}</p>
    </div>
  )
}

function attacks({ nodes, incidents, isCut, differingCount, dropped, wouldDrop }: Given): string {
  if (nodes === 0) return 'No node takes this policy yet, so there is nothing to compare.'
  const who = `${nodesWords(nodes)} would take this policy.`
  if (incidents === 0) return `${who} There was no attack on ${nodes === 1 ? 'it' : 'them'}.`
  const seen = `${who} Of ${isCut ? `the newest ${wholeNumber(incidents)}` : incidents === 1 ? 'one' : wholeNumber(incidents)} ${incidents === 1 ? 'attack' : 'attacks'}`
  if (differingCount === 0) return `${seen}, none would have gone otherwise.`
  return `${seen}, ${differingCount === 1 ? 'one' : wholeNumber(differingCount)} would have gone otherwise. ${packetCount(dropped)} packets were dropped; it would have been ${wouldDrop.high === 0 ? 'none' : betweenPackets(wouldDrop)}.`
}

function notes({ splits, merges, stopped }: Given): string[] {
  const times = (count: number): string => (count === 1 ? 'Once' : `${wholeNumber(count)} times`)
  return [
    ...(splits > 0
      ? [`${times(splits)} an attack paused for longer than this quiet time and would have become two incidents.`]
      : []),
    ...(merges > 0 ? [`${times(merges)} two incidents on one node would have been one.`] : []),
    ...(stopped > 0
      ? [
          `${stopped === 1 ? 'One attack was' : `${wholeNumber(stopped)} attacks were`} only observed because mitigation was stopped; no policy would have mattered.`,
        ]
      : []),
  ]
}

/** Samples count packets, not who sent them: what they cannot tell is said, not guessed. */
function pace({ pace: found }: Given): string {
  if (found === null)
    return 'No traffic was measured on these nodes, so nothing can be said about the rate of new sources.'
  const spans = found.resolutionMs >= 3_600_000 ? 'hour' : 'minute'
  if (found.above === 0)
    return `In no ${spans} did all traffic together exceed the rate of new sources: in peace it would have held nobody back.`
  return `In ${percent(found.above / found.spans)} of ${wholeNumber(found.spans)} ${spans}s all traffic together exceeded the rate of new sources at least for a second. How much of it came from new players cannot be known: samples count packets, not senders.`
}

function resolution({ pace: found }: Given): string {
  const samples =
    found === null
      ? ''
      : `, traffic by ${found.resolutionMs >= 3_600_000 ? 'hours' : 'minutes'}, each known by its busiest second`
  return `From what was stored: attacks by the counters of their rules${samples}. A limit counts what it held back, so what it let through is known within bounds.`
}

const SHOWN = 10

function Differing({ workspace, preview }: { workspace: string; preview: Given }) {
  const more = preview.differingCount - SHOWN
  return (
    <Table label="Attacks that would have gone otherwise">
      <thead>
        <tr>
          <HeadCell>Attack</HeadCell>
          <HeadCell>Rules</HeadCell>
          <HeadCell figure>Dropped</HeadCell>
          <HeadCell figure>Would be</HeadCell>
        </tr>
      </thead>
      <tbody>
        {preview.differing.slice(0, SHOWN).map((one) => (
          <Row key={one.id}>
            <Cell>
              <Link
                href={`/${workspace}/incidents/${one.id}`}
                target="_blank"
                className="font-medium underline underline-offset-2"
              >
                {one.nodeName}
              </Link>
              <div className="text-sm text-soft">
                <Time atMs={one.startedMs} form="auto" />, peak <PacketRate pps={one.peakPps} />
              </div>
            </Cell>
            <Cell className="text-soft">
              {rulesOf(one).map((line) => (
                <div key={line}>{line}</div>
              ))}
            </Cell>
            <Cell figure>{packetCount(one.dropped)}</Cell>
            <Cell figure className="font-medium">
              {betweenPackets(one.wouldDrop)}
            </Cell>
          </Row>
        ))}
      </tbody>
      {more > 0 ? (
        <tfoot>
          <tr>
            <Cell colSpan={4} className="text-faint">
              and {wholeNumber(more)} more
            </Cell>
          </tr>
        </tfoot>
      ) : null}
    </Table>
  )
}

/** “DNS reflection: drop → observe”, each once. */
const rulesOf = ({ rules }: Outcome): string[] => [
  ...new Set(
    rules.map(({ vectorId, was, would }) => {
      const then = would.map((action) => ACTION_WORDS[action].toLowerCase()).join(' or ')
      const before = ACTION_WORDS[was].toLowerCase()
      return `${VECTORS[vectorId].name}: ${before === then ? `${then}, at another rate` : `${before} → ${then}`}`
    }),
  ),
]
