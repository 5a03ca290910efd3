import Link from 'next/link'
import { againstUsual, packetCount, span } from '@/app/_lib/figures'
import { REASON_WORDS, reasonValue } from '@/app/_lib/reasons'
import { howPlayersAre, whatAndWhere } from '@/app/_lib/sentence'
import { incidentMark } from '@/app/_lib/states'
import { PacketRate } from '@/app/_ui/figure'
import { Section } from '@/app/_ui/section'
import { StateMark } from '@/app/_ui/state-mark'
import { Cell, HeadCell, Row, Table } from '@/app/_ui/table'
import { Time } from '@/app/_ui/time'
import type { NodeDetail, SurgeView } from '@/server/trpc/node-view'

/** What it went through, newest first. */
export function RecentIncidents({ workspace, node }: { workspace: string; node: NodeDetail }) {
  if (node.incidents.length === 0) {
    return (
      <Section title="Incidents">
        <p className="py-1 text-soft">Nothing has happened on this node. A flood would come up here by itself.</p>
      </Section>
    )
  }
  return (
    <Section title="Incidents" aside={node.incidents.length === 20 ? 'the last twenty' : undefined}>
      <Table label={`Incidents of ${node.name}`}>
        <thead>
          <tr>
            <HeadCell className="w-32">State</HeadCell>
            <HeadCell>What</HeadCell>
            <HeadCell className="hidden sm:table-cell">Began</HeadCell>
            <HeadCell figure className="hidden sm:table-cell">
              Lasted
            </HeadCell>
            <HeadCell figure className="hidden sm:table-cell">
              Peak
            </HeadCell>
          </tr>
        </thead>
        <tbody>
          {node.incidents.map((incident) => {
            const mark = incidentMark(incident.state)
            return (
              <Row key={incident.id} className="eased relative hover:bg-hover">
                <Cell>
                  <StateMark state={mark.state} word={mark.word} />
                </Cell>
                <Cell>
                  <Link
                    href={`/${workspace}/incidents/${incident.id}`}
                    data-row
                    className="font-medium after:absolute after:inset-0 after:content-['']"
                  >
                    {whatAndWhere(incident)}
                  </Link>
                  <div className="text-sm text-soft">
                    {howPlayersAre(incident)} {packetCount(incident.droppedPackets)} packets dropped.
                  </div>
                </Cell>
                <Cell className="hidden text-soft sm:table-cell">
                  <Time atMs={incident.startedMs} form="auto" />
                </Cell>
                <Cell figure className="hidden text-soft sm:table-cell">
                  {incident.endedMs === null ? 'going on' : span(incident.endedMs - incident.startedMs)}
                </Cell>
                <Cell figure className="hidden font-medium sm:table-cell">
                  <PacketRate pps={incident.peakWire.pps} />
                </Cell>
              </Row>
            )
          })}
        </tbody>
      </Table>
    </Section>
  )
}

/** Rises that were looked at and found to be an audience, with what spoke for it. */
export function Surges({ node }: { node: NodeDetail }) {
  return (
    <Section title="Surges" aside="rises that were no attack">
      {node.surges.length === 0 ? (
        <p className="py-1 text-soft">
          None noted. When many players come at once, the node looks, says why it is no attack, and drops nothing.
        </p>
      ) : (
        <ol className="flex flex-col">
          {node.surges.map((surge) => (
            <SurgeLine key={surge.id} surge={surge} usualPps={node.latest?.baseline?.pps ?? null} />
          ))}
        </ol>
      )}
    </Section>
  )
}

/** The terms that weighed most. */
const TERMS_SHOWN = 4

function SurgeLine({ surge, usualPps }: { surge: SurgeView; usualPps: number | null }) {
  const reasons = [...surge.reasons].sort((left, right) => left.strength - right.strength).slice(0, TERMS_SHOWN)
  return (
    <li className="flex flex-col gap-1 border-b border-line py-2.5 last:border-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <StateMark state="surge" word={surge.endedMs === null ? 'surge, going on' : 'surge'} />
        <span className="text-soft">
          <Time atMs={surge.startedMs} form="auto" />
          {surge.endedMs === null ? '' : `, for ${span(surge.endedMs - surge.startedMs)}`}
        </span>
      </div>
      <p>
        Up to <PacketRate pps={surge.peak.pps} className="font-medium" />
        {usualPps === null ? '' : `, ${againstUsual(surge.peak.pps, usualPps)} of now`}. Probability of an attack{' '}
        {surge.score.toFixed(2)}, so nothing was dropped.
      </p>
      <ul className="flex flex-wrap gap-x-4 gap-y-0.5 text-sm text-soft">
        {reasons.map((reason) => (
          <li key={reason.term}>
            {REASON_WORDS[reason.term].title} <span className="figures">{reasonValue(reason.value, reason.unit)}</span>
            {reason.normal
              ? ` (usual ${reasonValue(reason.normal.low, reason.unit)} to ${reasonValue(reason.normal.high, reason.unit)})`
              : ''}
          </li>
        ))}
      </ul>
    </li>
  )
}
