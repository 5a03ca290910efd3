import Link from 'next/link'
import { packetRate, span, wholeNumber } from '@/app/_lib/figures'
import { ACTION_DONE } from '@/app/_lib/policy-draft'
import { addressOf, scopeWords } from '@/app/_lib/policy-words'
import { worstCaseMs } from '@/app/_lib/worst-case'
import { Bytes } from '@/app/_ui/figure'
import { Section } from '@/app/_ui/section'
import { Time } from '@/app/_ui/time'
import type { NodeDetail } from '@/server/trpc/node-view'

type Fact = [name: string, value: React.ReactNode]

const LEVELS: Record<string, string> = {
  nftables: 'nftables: detects and drops',
  iptables: 'iptables: detects and drops',
  'detect-only': 'detects only, drops nothing',
}

/** What is known of the server, what holds on it, and how fast it would see a flood. */
export function Facts({ workspace, node }: { workspace: string; node: NodeDetail }) {
  return (
    <div className="flex min-w-0 flex-col gap-7">
      <Section title="How fast it would notice">
        <WorstCase node={node} />
      </Section>
      <Section
        title="Policy in force"
        aside={
          <Link href={addressOf(workspace, node.id)} className="underline underline-offset-2 hover:text-ink">
            {node.policy.from.id === node.id ? 'Change' : 'Look closer'}
          </Link>
        }
      >
        <FactList facts={policyFacts(workspace, node)} />
      </Section>
      <Section title="The agent">
        <FactList facts={agentFacts(node)} />
      </Section>
      <Section title="This server">
        <FactList facts={serverFacts(node)} />
      </Section>
    </div>
  )
}

/** The flood that our promise of milliseconds is about. */
const FLOOD_PPS = 100_000

function WorstCase({ node }: { node: NodeDetail }) {
  const { latest } = node
  const burst = latest?.tripwireBurst
  if (!latest || burst === undefined) {
    return (
      <p className="text-soft">
        {latest
          ? 'This agent is too old to say where its tripwire stands. Update it.'
          : 'The node says so itself, each second. It has said nothing in the last half minute.'}
      </p>
    )
  }
  const tripwire = packetRate(latest.tripwirePps)
  const flood = packetRate(FLOOD_PPS)
  const wait = worstCaseMs({ floodPps: FLOOD_PPS, tripwirePps: latest.tripwirePps, burst })
  return (
    <div className="flex flex-col gap-2">
      <p className="text-md">
        {wait === null ? (
          <>
            A flood of {flood.value} {flood.unit} of UDP would stay below its tripwire and be judged by the second.
          </>
        ) : (
          <>
            A flood of {flood.value} {flood.unit} of UDP wakes it after{' '}
            <strong className="figures font-semibold">{span(wait)}</strong> at worst.
          </>
        )}
      </p>
      <p className="text-sm text-faint">
        The kernel lets {wholeNumber(burst)} packets pass above the tripwire of {tripwire.value} {tripwire.unit}: burst
        ÷ (flood − tripwire). The verdict and the rule come on top.
      </p>
    </div>
  )
}

const HOLDS: Record<NodeDetail['policy']['holds'], string> = {
  yes: 'the node says so',
  not_yet: 'the node holds another one still',
  unknown: 'the node never said what it holds',
}

function policyFacts(workspace: string, { id, policy }: NodeDetail): Fact[] {
  const { settings, from, stoppedUntilMs } = policy
  const apart = Object.keys(settings.vectors).length
  const name = policy.isBuiltIn ? 'built in' : from.id === id ? 'its own' : scopeWords(from)
  return [
    ...(stoppedUntilMs === null
      ? []
      : ([
          [
            'Mitigation',
            <span key="stopped" className="text-attack">
              stopped until <Time atMs={stoppedUntilMs} form="today" />
            </span>,
          ],
        ] as Fact[])),
    [
      'Comes from',
      <span key="from">
        <Link href={addressOf(workspace, from.id)} className="underline underline-offset-2">
          {name}
        </Link>
        {policy.isBuiltIn ? '' : `, version ${policy.version}`}
      </span>,
    ],
    ['In force', HOLDS[policy.holds]],
    ['A vector its signature proves', `is ${ACTION_DONE[settings.certain]}`],
    ['A doubtful one', `is ${ACTION_DONE[settings.doubtful]}`],
    ...(apart === 0 ? [] : ([['Set apart', apart === 1 ? '1 vector' : `${apart} vectors`]] as Fact[])),
    ['New sources, while limited', `${wholeNumber(settings.newSourcePps)} pps`],
    ['Quiet time before it is over', span(settings.holdMs)],
    ...(settings.friends.length === 0
      ? []
      : ([['Friends, never limited', settings.friends.map(({ name: list }) => list).join(', ')]] as Fact[])),
  ]
}

const DISKS: Record<NonNullable<NodeDetail['health']>['disk'], string> = {
  ok: 'takes what is written',
  full: 'full: the oldest samples give way, incidents stay',
  refused: 'refuses what the agent keeps',
}

function agentFacts(node: NodeDetail): Fact[] {
  const { credential, health } = node
  return [
    ['Level', LEVELS[node.level ?? ''] ?? 'not told yet'],
    ['Version', node.agentVersion ?? 'not told yet'],
    ['Last seen', node.lastSeenMs === null ? 'never' : <Time key="seen" atMs={node.lastSeenMs} form="auto" />],
    ...(health === null ? ([['How it fares', 'it never said so: update it']] as Fact[]) : healthFacts(health)),
    ['Enrolled', node.enrolledMs === null ? 'never' : <Time key="enrolled" atMs={node.enrolledMs} form="auto" />],
    ['Its key', <KeyAge key="key" credential={credential} />],
  ]
}

const healthFacts = (health: NonNullable<NodeDetail['health']>): Fact[] => [
  ['Runs since', <Time key="since" atMs={health.startedMs} form="auto" />],
  ['Processor, last minute', `${health.cpuPercent} % of one core`],
  ['Memory', <Bytes key="memory" bytes={health.residentBytes} />],
  ['Reports on their way', health.spooled === 0 ? 'none waits' : wholeNumber(health.spooled)],
  [
    'Its disk',
    <span key="disk" className={health.disk === 'ok' ? '' : 'text-impaired'}>
      {DISKS[health.disk]}
    </span>,
  ],
  ['Said so', <Time key="said" atMs={health.atMs} form="auto" />],
]

function KeyAge({ credential }: Pick<NodeDetail, 'credential'>) {
  if (credential === null) return 'none'
  const { createdMs, revokedMs } = credential
  return (
    <>
      {revokedMs === null ? 'since' : 'revoked'} <Time atMs={revokedMs ?? createdMs} form="auto" />
    </>
  )
}

function serverFacts(node: NodeDetail): Fact[] {
  const { latest, servicePorts } = node
  const ports = servicePorts.map(({ protocol, port }) => `${protocol.toUpperCase()} ${port}`)
  return [
    ['Verified clients', latest ? wholeNumber(latest.verifiedClients) : 'not known now'],
    ['Addresses', <Codes key="addresses" list={node.addresses} none="none told" />],
    ['Service ports', ports.length === 0 ? 'none found yet' : listed(ports)],
    ['Host name', node.hostname ?? 'not told yet'],
    ['Kernel', node.kernel ?? 'not told yet'],
  ]
}

const LISTED_MAX = 8
const listed = (names: string[]): string =>
  names.length <= LISTED_MAX
    ? names.join(', ')
    : `${names.slice(0, LISTED_MAX).join(', ')} and ${names.length - LISTED_MAX} more`

const Codes = ({ list, none }: { list: string[]; none: string }) =>
  list.length === 0 ? none : <span className="font-mono text-sm break-all">{listed(list)}</span>

function FactList({ facts }: { facts: Fact[] }) {
  return (
    <dl className="flex flex-col">
      {facts.map(([name, value]) => (
        <div key={name} className="flex justify-between gap-6 border-b border-line py-2 last:border-0">
          <dt className="shrink-0 text-soft">{name}</dt>
          <dd className="figures min-w-0 text-right">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
