import { ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { packetCount, packetRate } from '@/app/_lib/figures'
import { RULE_DONE } from '@/app/_lib/rule-words'
import { Bytes } from '@/app/_ui/figure'
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
  return (
    <li className="bg-surface">
      <details className="group">
        <summary className="eased grid list-none grid-cols-[auto_1fr_auto] items-start gap-x-2 px-3 py-2.5 hover:bg-hover">
          <ChevronRight aria-hidden="true" size={14} className="eased mt-[3px] text-faint group-open:rotate-90" />
          <span className="flex min-w-0 flex-col gap-0.5">
            <span>{rule.words}</span>
            <span className="text-sm text-faint">
              in the kernel since <Time atMs={rule.sinceMs} form="today" />
            </span>
          </span>
          <span className="flex flex-col items-end gap-0.5">
            <span className="figures font-semibold whitespace-nowrap">{packetCount(rule.packets)}</span>
            <span className="figures text-sm text-faint">
              {RULE_DONE[rule.action]}, <Bytes bytes={rule.bytes} />
            </span>
          </span>
        </summary>
        <pre className="overflow-x-auto border-t border-line bg-sunken px-3 py-2.5 font-mono text-sm whitespace-pre-wrap">
          {rule.nft}
        </pre>
        <p className="border-t border-line px-3 py-2 text-sm">
          <Link href={`/${workspace}/incidents/${rule.incidentId}`} className="underline underline-offset-2">
            Its incident
          </Link>
        </p>
      </details>
    </li>
  )
}
