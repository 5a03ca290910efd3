'use client'
import { FileText } from 'lucide-react'
import Link from 'next/link'
import { packetCount, percent } from '@/app/_lib/figures'
import { addressOf, inShort } from '@/app/_lib/policy-words'
import { howPlayersAre, whatAndWhere, whatWeDid } from '@/app/_lib/sentence'
import type { Series } from '@/app/_lib/series'
import { incidentMark, isOver } from '@/app/_lib/states'
import { buttonStyle } from '@/app/_ui/button'
import { LiveNote } from '@/app/_ui/live-note'
import { Section } from '@/app/_ui/section'
import { RulerKey, StageRuler } from '@/app/_ui/stage-ruler'
import { StateMark } from '@/app/_ui/state-mark'
import { Time } from '@/app/_ui/time'
import type { IncidentDetail } from '@/server/trpc/incident-view'
import { Acknowledge } from './acknowledge'
import { Evidence } from './evidence-facts'
import { Feedback } from './feedback'
import { Mitigation } from './mitigation'
import { Notes } from './notes'
import { Outcome, Players } from './outcome'
import { Reasons } from './reasons'
import { SourceMap } from './sources'
import { Timeline } from './timeline'
import { Told } from './told'
import { TrafficCharts } from './traffic-charts'
import { useIncident, useSeries } from './use-incident'
import { VectorsOverTime } from './vectors-over-time'

type Props = { workspace: string; incident: IncidentDetail; series: Series }

/** Is it us, is it handled, are players affected, what do I do: in this order. */
export function IncidentPage({ workspace, incident: loaded, series: loadedSeries }: Props) {
  const incident = useIncident(workspace, loaded)
  const series = useSeries(workspace, incident, loadedSeries)
  const open = !isOver(incident.state)
  const evidenceHref = incident.may.downloadEvidence ? `/${workspace}/incidents/${incident.id}/evidence` : null
  return (
    <article className="mx-auto flex w-full max-w-[1440px] flex-col gap-7 p-4 sm:p-6 lg:px-8">
      <Heading workspace={workspace} incident={incident} />
      <Section title="From the first packet over the tripwire" aside={<RulerKey />}>
        <StageRuler stages={incident.stages} />
      </Section>
      <Section title="Traffic" aside={`${incident.target.addresses.join(', ')}${ports(incident.target.ports)}`}>
        <TrafficCharts
          series={series}
          window={{ fromMs: incident.startedMs, toMs: incident.endedMs }}
          node={incident.node.name}
        />
      </Section>
      <Section title="Vectors over time">
        <VectorsOverTime
          vectors={incident.vectorsNamed}
          startedMs={incident.startedMs}
          endedMs={incident.endedMs}
          nowMs={latestMs(incident, series)}
        />
      </Section>
      <div className="grid gap-x-10 gap-y-7 xl:grid-cols-[minmax(0,1.35fr)_minmax(0,1fr)] print:grid-cols-1">
        <div className="flex min-w-0 flex-col gap-7">
          <Section title="What we did" aside={`policy ${incident.policy.name}, version ${incident.policy.version}`}>
            <PolicyOf workspace={workspace} incident={incident} />
            <Mitigation vectors={incident.vectorsNamed} rules={incident.rules} startedMs={incident.startedMs} />
          </Section>
          <Section title="Why we think so" aside={`an attack with probability ${incident.score.toFixed(2)}`}>
            <Reasons reasons={incident.reasons} />
          </Section>
          <Section title="Timeline">
            <Timeline entries={incident.timeline} startedMs={incident.startedMs} />
          </Section>
        </div>
        <div className="flex min-w-0 flex-col gap-7">
          <Section title="Wire, dropped, delivered">
            <Outcome incident={incident} isOpen={open} />
          </Section>
          <Section title="Players" aside="clients verified before the attack">
            <Players verified={incident.verified} />
          </Section>
          <Section title="Notes">
            <Notes
              workspace={workspace}
              incidentId={incident.id}
              notes={incident.notes}
              mayWrite={incident.may.annotate}
            />
          </Section>
          <Section title="Rightly an attack?">
            <Feedback workspace={workspace} incident={incident} series={series} />
          </Section>
          {incident.may.seeDeliveries ? (
            <Section title="Who was told">
              <Told deliveries={incident.deliveries} startedMs={incident.startedMs} />
            </Section>
          ) : null}
          <Section title="Evidence" id="evidence">
            <Evidence evidence={incident.evidence} href={evidenceHref} />
          </Section>
        </div>
      </div>
      {incident.may.seeEvidence ? (
        <Section title="Where it came from" aside="by the addresses its packets carry">
          <SourceMap sources={incident.sources} hasEvidence={incident.evidence !== null} />
        </Section>
      ) : null}
    </article>
  )
}

/** The last moment that something is known of; no clock, so that the server draws what the browser will. */
function latestMs({ startedMs, stages, vectorsNamed }: IncidentDetail, { points }: Series): number {
  const told = [...stages.map(({ atMs }) => startedMs + atMs), ...vectorsNamed.map(({ startUs }) => startUs / 1_000)]
  return Math.max(startedMs + 1, points.at(-1)?.atMs ?? 0, ...told)
}

function Heading({ workspace, incident }: { workspace: string; incident: IncidentDetail }) {
  const mark = incidentMark(incident.state)
  return (
    <header className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 text-sm text-faint" data-noprint>
        <nav aria-label="Breadcrumb" className="flex min-w-0 items-center gap-2">
          <Link href={`/${workspace}/incidents`} className="eased hover:text-ink">
            Incidents
          </Link>
          <span aria-hidden="true">/</span>
          <span className="truncate font-mono">{incident.id}</span>
        </nav>
        <LiveNote />
      </div>
      <div className="flex flex-col items-start justify-between gap-x-8 gap-y-4 lg:flex-row">
        <div className="flex max-w-[880px] flex-col gap-2">
          <div className="text-md">
            <StateMark state={mark.state} word={mark.word} size={14} />
          </div>
          <h1 className="text-xl font-semibold">
            <Named incident={incident} />, <Time atMs={incident.startedMs} form="today" />. {whatWeDid(incident)}{' '}
            {howPlayersAre(incident)}
          </h1>
          <DroppedSoFar incident={incident} />
          <p className="hidden text-soft print:block">
            <Time atMs={incident.startedMs} form="full" />, <span className="font-mono">{incident.id}</span>
          </p>
        </div>
        <div className="flex shrink-0 flex-wrap items-center gap-3">
          <Link href={`/${workspace}/incidents/${incident.id}/report`} className={buttonStyle()} data-noprint>
            <FileText aria-hidden="true" size={14} /> Report
          </Link>
          <Acknowledge workspace={workspace} incident={incident} />
        </div>
      </div>
    </header>
  )
}

/** What the node went by when it opened, as it was then, and where that is set. */
function PolicyOf({ workspace, incident }: { workspace: string; incident: IncidentDetail }) {
  const { policy } = incident
  if (policy.settings === null && !policy.wasStopped) return null
  return (
    <p className="text-soft">
      {policy.wasStopped ? (
        <strong className="font-medium text-attack">Mitigation was stopped: rules only counted. </strong>
      ) : null}
      {policy.settings === null ? null : `By its policy ${inShort(policy.settings)} `}
      {incident.may.readPolicy ? (
        <Link href={addressOf(workspace, policy.scopeId)} className="underline underline-offset-2" data-noprint>
          Look at what holds now
        </Link>
      ) : null}
    </p>
  )
}

/** The node's name is never broken at its hyphen. */
function Named({ incident }: { incident: IncidentDetail }) {
  const [before = '', after = ''] = whatAndWhere(incident).split(incident.node.name)
  return (
    <>
      {before}
      <span className="whitespace-nowrap">{incident.node.name}</span>
      {after}
    </>
  )
}

function DroppedSoFar({ incident }: { incident: IncidentDetail }) {
  const { traffic } = incident
  const share = traffic.wirePackets > 0 ? traffic.droppedPackets / traffic.wirePackets : 0
  if (traffic.droppedPackets === 0) return null
  return (
    <p className="text-md text-soft">
      We dropped {packetCount(traffic.droppedPackets)} packets, {percent(share, 1)} of what arrived since it began.
    </p>
  )
}

function ports(list: number[]): string {
  if (list.length === 0) return ''
  return list.length === 1
    ? `, port ${list[0]}`
    : `, ports ${list.slice(0, 4).join(', ')}${list.length > 4 ? ' and more' : ''}`
}
