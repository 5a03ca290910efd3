import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { inTree } from '@/app/_lib/policy-scopes'
import { addressOf, scopeWords } from '@/app/_lib/policy-words'
import { Field, INPUT } from '@/app/_ui/field'
import { Section } from '@/app/_ui/section'
import { Cell, HeadCell, Row, Table } from '@/app/_ui/table'
import { Time } from '@/app/_ui/time'
import type { PolicyDetail, PolicyScopeView } from '@/server/trpc/policy-view'

type Props = { workspace: string; id: string | null; scopes: PolicyScopeView[] }

/** Whose policy is looked at: the workspace, a group, or a node that has one of its own. */
export function ScopePicker({ workspace, id, scopes, policy }: Props & { policy: PolicyDetail }) {
  const router = useRouter()
  const groups = inTree(scopes)
  const nodes = scopes.filter(({ kind }) => kind === 'node')
  const isListed = scopes.some((scope) => scope.id === id)
  return (
    <div className="w-full sm:w-96">
      <Field label="Policy of">
        <select
          value={id ?? ''}
          onChange={(event) => router.push(addressOf(workspace, event.target.value || null))}
          className={INPUT}
        >
          <option value="">The whole workspace</option>
          {isListed ? null : <option value={id ?? ''}>{policy.scope.name}</option>}
          {groups.length > 0 ? (
            <optgroup label="Groups">
              {groups.map(({ scope, path }) => (
                <option key={scope.id} value={scope.id ?? ''}>
                  {path}
                  {scope.own ? '' : ` (as ${scopeWords(scope.from)})`}
                </option>
              ))}
            </optgroup>
          ) : null}
          {nodes.length > 0 ? (
            <optgroup label="Nodes with a policy of their own">
              {nodes.map(({ id: nodeId, name }) => (
                <option key={nodeId} value={nodeId ?? ''}>
                  {name}
                </option>
              ))}
            </optgroup>
          ) : null}
        </select>
      </Field>
    </div>
  )
}

/** Every policy there is, and on how many nodes it is in force. */
export function ScopeTable({ workspace, scopes, id }: Props) {
  const own = scopes.filter((scope) => scope.own !== null || scope.kind === 'workspace')
  return (
    <Section title="All policies">
      <Table label="All policies">
        <thead>
          <tr>
            <HeadCell>Of</HeadCell>
            <HeadCell>Saved</HeadCell>
            <HeadCell figure>In force</HeadCell>
          </tr>
        </thead>
        <tbody>
          {own.map((scope) => (
            <Row key={scope.id} className="eased hover:bg-hover">
              <Cell className="[overflow-wrap:anywhere]">
                <Link
                  href={addressOf(workspace, scope.id)}
                  aria-current={scope.id === id ? 'page' : undefined}
                  className="font-medium aria-[current=page]:text-accent"
                >
                  {scope.kind === 'workspace' ? 'The whole workspace' : scope.name}
                </Link>
              </Cell>
              <Cell className="text-soft">
                {scope.own ? (
                  <>
                    version {scope.own.version}, <Time atMs={scope.own.savedMs} form="auto" />
                  </>
                ) : (
                  'built in'
                )}
              </Cell>
              <Cell figure className="whitespace-nowrap">
                {scope.nodes === 0 ? (
                  <span className="text-faint">no nodes</span>
                ) : (
                  `${scope.holding} of ${scope.nodes}`
                )}
              </Cell>
            </Row>
          ))}
        </tbody>
      </Table>
      {own.length === 1 ? (
        <p className="text-soft">
          Only the workspace has one. Choose a group above to give its nodes another, or a node from its own page.
        </p>
      ) : null}
    </Section>
  )
}
