import { bitRate, packetCount, packetRate } from '../app/_lib/figures'
import { certainty, howPlayersAre, type Told, whatAndWhere, whatWeDid } from '../app/_lib/sentence'
import type { IncidentNotice } from '../server/notify/channel'
import type { ColourName } from './theme'

/** What a mail says, before it has a form: HTML and text are written from the same story. */
export type Story = {
  /** Same for every mail about one incident. */
  subject: string
  /** What list views show behind the subject. */
  preview: string
  mark: { colour: ColourName; shape: string; word: string }
  title: string
  sentences: string[]
  facts: { name: string; value: string }[]
  link: string | null
}

type Mark = Story['mark']
const ATTACK: Mark = { colour: 'attack', shape: '▲', word: 'under attack' }
const MITIGATED: Mark = { colour: 'mitigated', shape: '⬢', word: 'mitigated' }

/** Colour, shape and word as on every page. */
const MARKS: Record<string, Mark> = {
  suspected: { colour: 'watching', shape: '◆', word: 'suspected' },
  confirmed: ATTACK,
  mitigating: { ...ATTACK, word: 'dropping' },
  mitigated: MITIGATED,
  ending: { ...MITIGATED, word: 'ending' },
  resolved: { colour: 'clean', shape: '●', word: 'over' },
  rejected: { colour: 'surge', shape: '◐', word: 'not an attack' },
}

const NEWS: Partial<Record<NonNullable<IncidentNotice['event']>, string>> = {
  vector_added: 'Another vector joined in.',
  mitigated: 'Delivered traffic is back in its usual band.',
  resumed: 'The attack came back.',
}

/** One incident as it was when the message was written. `publicUrl` may be empty: then there is no link. */
export function storyOf(notice: IncidentNotice, publicUrl: string): Story {
  const told = toldOf(notice)
  const title = whatAndWhere(told)
  const sentences = sentencesOf(notice, told)
  return {
    subject: `Attack on ${notice.nodeName}, ${dayAndMinute(notice.detectedUs)}`,
    preview: [`${title}.`, ...sentences].join(' '),
    mark: MARKS[notice.state] ?? ATTACK,
    title,
    sentences,
    facts: factsOf(notice),
    link: linkOf(notice, publicUrl),
  }
}

function toldOf(notice: IncidentNotice): Told {
  const { startedUs = notice.detectedUs, ruleInKernelUs = null, verifiedClients } = notice
  return {
    state: notice.state,
    vectors: notice.vectors,
    node: { name: notice.nodeName },
    startedMs: startedUs / 1_000,
    ruleInKernelMs: ruleInKernelUs === null ? null : ruleInKernelUs / 1_000,
    endedMs: notice.resolvedUs === null ? null : notice.resolvedUs / 1_000,
    verified: verifiedClients ?? { count: 0, packetsIn: 0, packetsPastCut: 0, socketBufferDrops: 0 },
  }
}

function sentencesOf(notice: IncidentNotice, told: Told): string[] {
  const news = notice.type === 'incident.updated' && notice.event ? NEWS[notice.event] : undefined
  // A message of an older platform does not say what was done: nothing is claimed then.
  const done = notice.ruleInKernelUs === undefined ? [] : [whatWeDid(told)]
  const players = notice.verifiedClients === undefined ? [] : [howPlayersAre(told)]
  return [...(news ? [news] : []), ...done, ...players]
}

function factsOf({
  vectors,
  detectedUs,
  resolvedUs,
  wire,
  delivered,
  droppedPackets,
  target,
  ...notice
}: IncidentNotice) {
  const isOver = resolvedUs !== null
  const rate = ({ pps, bps }: { pps: number; bps: number }): string =>
    [packetRate(pps), bitRate(bps)].map(({ value, unit }) => `${value} ${unit}`).join(', ')
  const facts = [
    { name: 'Server', value: notice.nodeName },
    { name: vectors.length > 1 ? 'Vectors' : 'Vector', value: vectors.map(vectorWords).join('; ') },
    { name: 'Target', value: [target.addresses.join(', '), portsOf(target.ports)].filter(Boolean).join(', ') },
    { name: 'Detected', value: toTheSecond(detectedUs) },
    { name: 'Over', value: isOver ? toTheSecond(resolvedUs) : '' },
    { name: 'On the wire', value: isOver ? '' : rate(wire) },
    { name: 'Delivered', value: isOver || !delivered ? '' : rate(delivered) },
    { name: 'Dropped', value: droppedPackets ? `${packetCount(droppedPackets)} packets` : '' },
    { name: 'Workspace', value: notice.workspaceName },
  ]
  return facts.filter(({ value }) => value !== '')
}

const vectorWords = ({ name, confidence }: IncidentNotice['vectors'][0]): string => `${name} (${certainty(confidence)})`

const portsOf = (ports: number[]): string =>
  ports.length === 0 ? '' : `${ports.length === 1 ? 'port' : 'ports'} ${ports.join(', ')}`

function linkOf({ workspaceSlug, incidentId }: IncidentNotice, publicUrl: string): string | null {
  if (publicUrl === '' || workspaceSlug === undefined) return null
  return new URL(`/${workspaceSlug}/incidents/${incidentId}`, publicUrl).href
}

const format = (us: number, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', { ...options, hourCycle: 'h23', timeZone: 'UTC' }).format(us / 1_000)

/** The reader's zone is not known here: UTC, and said so. */
const dayAndMinute = (us: number): string =>
  `${format(us, { day: 'numeric', month: 'short' })} ${format(us, { hour: '2-digit', minute: '2-digit' })} UTC`
const toTheSecond = (us: number): string => {
  const clock = format(us, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
  return `${clock} UTC, ${format(us, { day: 'numeric', month: 'short', year: 'numeric' })}`
}
