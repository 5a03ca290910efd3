'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type GroupNode, inTreeOrder, KIND_WORDS } from '@/app/_lib/group-kinds'
import { useTRPC } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { Cell, HeadCell, Row, Table } from '@/app/_ui/table'
import type { GroupView } from '@/server/trpc/routers/groups'
import { GroupDialog } from './group-dialog'

export type NamedNode = { id: string; name: string }
type Props = { workspace: string; groups: GroupView[]; nodes: NamedNode[]; mayUpdate: boolean }

/** Events, stages, matches, regions and roles, each with the nodes that belong to it. */
export function GroupsPage({ workspace, groups: loaded, nodes, mayUpdate }: Props) {
  const trpc = useTRPC()
  const { data: groups } = useQuery({ ...trpc.groups.list.queryOptions({ workspace }), initialData: loaded })
  const [edited, setEdited] = useState<GroupView | 'new' | null>(null)
  const tree = inTreeOrder(groups)
  const add = (
    <Button kind="primary" onClick={() => setEdited('new')}>
      Add a group
    </Button>
  )
  return (
    <div className="flex w-full flex-col gap-5 p-4 sm:p-6 lg:px-8">
      <PageHeader
        title="Groups"
        context="What your servers belong to. Roles, policies, events and boards are given per group."
        action={mayUpdate && tree.length > 0 ? add : undefined}
      />
      {tree.length === 0 ? (
        <EmptyState title="No groups yet" action={mayUpdate ? add : undefined}>
          <p>
            Put the servers of a match, a stage or a region together: an official sees the matches you grant, the board
            shows one tile a match, and one policy holds for all of them.
          </p>
          <p>A group may lie in another one: a match in its stage, a stage in its event.</p>
        </EmptyState>
      ) : (
        <Table label="Groups">
          <thead>
            <tr>
              <HeadCell>Group</HeadCell>
              <HeadCell className="hidden w-32 sm:table-cell">Kind</HeadCell>
              <HeadCell>Nodes</HeadCell>
              <HeadCell className="w-24">
                <span className="sr-only">Change</span>
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {tree.map((group) => (
              <GroupRow key={group.id} group={group} nodes={nodes} onEdit={mayUpdate ? () => setEdited(group) : null} />
            ))}
          </tbody>
        </Table>
      )}
      {edited === null ? null : (
        <GroupDialog
          workspace={workspace}
          group={edited === 'new' ? null : edited}
          groups={groups}
          nodes={nodes}
          onClose={() => setEdited(null)}
        />
      )}
    </div>
  )
}

const NAMES_SHOWN = 6

function GroupRow({ group, nodes, onEdit }: { group: GroupNode; nodes: NamedNode[]; onEdit: (() => void) | null }) {
  const names = nodes.filter(({ id }) => group.nodeIds.includes(id)).map(({ name }) => name)
  const more = names.length - NAMES_SHOWN
  return (
    <Row className="eased hover:bg-hover">
      <Cell>
        <div style={{ paddingLeft: group.depth * 20 }}>
          <div className="font-medium [overflow-wrap:anywhere]">{group.name}</div>
          <div className="text-sm text-faint sm:hidden">{KIND_WORDS[group.kind]}</div>
        </div>
      </Cell>
      <Cell className="hidden text-soft sm:table-cell">{KIND_WORDS[group.kind]}</Cell>
      <Cell className="text-soft [overflow-wrap:anywhere]">
        {names.length === 0 ? (
          <span className="text-faint">none of its own</span>
        ) : (
          names.slice(0, NAMES_SHOWN).join(', ')
        )}
        {more > 0 ? ` and ${more} more` : ''}
      </Cell>
      <Cell className="text-right">
        {onEdit ? (
          <Button kind="quiet" onClick={onEdit} className="-my-1.5">
            Edit<span className="sr-only"> {group.name}</span>
          </Button>
        ) : null}
      </Cell>
    </Row>
  )
}
