import Link from 'next/link'
import { addressOf, nodesWords, scopeWords } from '@/app/_lib/policy-words'
import { Section } from '@/app/_ui/section'
import { StateMark } from '@/app/_ui/state-mark'
import { Time } from '@/app/_ui/time'
import type { PolicyDetail, StopView } from '@/server/trpc/policy-view'

type Node = PolicyDetail['nodes'][number]
type Props = { workspace: string; policy: PolicyDetail; stops: StopView[] }

/** On which nodes it holds, as they say themselves, and which of them take another. */
export function InForce({ workspace, policy, stops }: Props) {
  const takers = policy.nodes.filter(({ from }) => from.id === takenFrom(policy))
  const holding = takers.filter(({ holds }) => holds === 'yes')
  const waiting = takers.filter(({ holds }) => holds !== 'yes')
  const others = policy.nodes.filter((node) => !takers.includes(node))
  const here = stops.find(({ scope }) => scope.id === policy.scope.id)
  return (
    <Section title="In force">
      <div className="flex flex-col gap-3">
        {policy.nodes.length === 0 ? (
          <p className="text-soft">
            No node lies in {scopeWords(policy.scope)} yet. What you save waits for the first.
          </p>
        ) : (
          <p className="text-md">
            On{' '}
            <strong className="figures font-semibold">
              {holding.length} of {nodesWords(takers.length)}
            </strong>
            , by their own word.
          </p>
        )}
        {here ? (
          <p className="text-attack">
            Mitigation is stopped here until <Time atMs={here.untilMs} form="today" />: nothing is dropped.
          </p>
        ) : null}
        {waiting.length > 0 ? (
          <div>
            <h3 className="font-medium">Not yet on</h3>
            <Nodes workspace={workspace} nodes={waiting} says={whyNot} />
          </div>
        ) : null}
        {others.length > 0 ? (
          <div>
            <h3 className="font-medium">Take another policy</h3>
            <Nodes
              workspace={workspace}
              nodes={others}
              says={({ id, from }) => (
                <Link href={addressOf(workspace, from.id)} className="underline underline-offset-2">
                  {from.id === id ? 'its own' : scopeWords(from)}
                </Link>
              )}
            />
          </div>
        ) : null}
        <details className="text-soft">
          <summary className="eased w-fit hover:text-ink">Which policy does a node take?</summary>
          <p className="pt-2">
            Its own, if it has one. Else that of the group it lies in, then of the groups around that one, nearest
            first. Of groups equally near: a match before a stage, event, pipeline role, region; of two alike, the one
            that was made first. Else the workspace’s. A policy holds whole: nothing is mixed.
          </p>
        </details>
      </div>
    </Section>
  )
}

/** A scope without a policy of its own takes over another’s. */
const takenFrom = ({ own, scope, inherited }: PolicyDetail): string | null => (own ? scope.id : inherited.scope.id)

function whyNot({ isOnline, holds }: Node): React.ReactNode {
  if (!isOnline) return <StateMark state="offline" word="not connected" size={10} />
  return holds === 'unknown' ? 'its agent is too old to say' : 'being told'
}

const SHOWN_MAX = 8

function Nodes({
  workspace,
  nodes,
  says,
}: {
  workspace: string
  nodes: Node[]
  says: (node: Node) => React.ReactNode
}) {
  const more = nodes.length - SHOWN_MAX
  return (
    <ul className="flex flex-col">
      {nodes.slice(0, SHOWN_MAX).map((node) => (
        <li key={node.id} className="flex items-baseline justify-between gap-4 py-1">
          <Link href={`/${workspace}/nodes/${node.id}`} className="truncate hover:underline">
            {node.name}
          </Link>
          <span className="shrink-0 text-sm text-soft">{says(node)}</span>
        </li>
      ))}
      {more > 0 ? <li className="py-1 text-faint">and {more} more</li> : null}
    </ul>
  )
}
