import Link from 'next/link'
import { packetRate } from '@/app/_lib/figures'
import { RuleLine } from '@/app/_ui/rule-line'
import { Section } from '@/app/_ui/section'
import { Time } from '@/app/_ui/time'
import type { NodeDetail, RuleInForce } from '@/server/trpc/node-view'

/** What the kernel of this server takes away now, and how much it took so far. */
export function Rules({ workspace, node }: { workspace: string; node: NodeDetail }) {
  return (
    <Section title="Rules in force" aside={node.rules.length === 0 ? undefined : 'hits as the node counts them'}>
      {node.rules.length === 0 ? (
        <p className="py-1 text-soft">{atPeace(node)}</p>
      ) : (
        <ul className="flex flex-col gap-px overflow-hidden rounded-md border border-line bg-line">
          {node.rules.map((rule) => (
            <Rule key={`${rule.incidentId}/${rule.id}`} workspace={workspace} rule={rule} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function atPeace({ latest }: NodeDetail): string {
  if (!latest) return 'None that the platform knows of. What the node does now, it says once it is back.'
  const { value, unit } = packetRate(latest.tripwirePps)
  return `None: everything is delivered. The kernel only counts, and wakes the agent above ${value} ${unit} of UDP.`
}

function Rule({ workspace, rule }: { workspace: string; rule: RuleInForce }) {
  const when = (
    <>
      in the kernel since <Time atMs={rule.sinceMs} form="today" />
    </>
  )
  return (
    <RuleLine rule={rule} when={when}>
      <p className="border-t border-line px-3 py-2 text-sm">
        <Link href={`/${workspace}/incidents/${rule.incidentId}`} className="underline underline-offset-2">
          Its incident
        </Link>
      </p>
    </RuleLine>
  )
}
