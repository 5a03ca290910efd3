import { z } from 'zod'
import { formatId } from '../../core/ids'
import { archiveGroup } from '../../services/groups/archive'
import { createGroup } from '../../services/groups/create'
import { GROUP_KINDS, listGroups, type NodeGroup } from '../../services/groups/list'
import { setGroupNodes } from '../../services/groups/set-nodes'
import { updateGroup } from '../../services/groups/update'
import { idOf, router, workspaceProcedure } from '../init'

const ById = z.object({ id: idOf('grp') })
const Kind = z.enum(GROUP_KINDS)
const Name = z.string().max(200)
const Parent = idOf('grp').nullable()

export type GroupView = ReturnType<typeof toView>

const toView = ({ id, parentId, kind, name, nodeIds }: NodeGroup) => ({
  id: formatId('grp', id),
  parentId: parentId && formatId('grp', parentId),
  kind,
  name,
  nodeIds: nodeIds.map((nodeId) => formatId('nd', nodeId)),
})

export const groups = router({
  list: workspaceProcedure.query(async ({ ctx }) => (await listGroups({ ctx: ctx.verb })).map(toView)),
  create: workspaceProcedure
    .input(z.object({ kind: Kind, name: Name, parentId: Parent.default(null) }))
    .mutation(async ({ ctx, input: { workspace: _, ...input } }) =>
      toView(await createGroup({ ctx: ctx.verb, input })),
    ),
  update: workspaceProcedure
    .input(ById.extend({ kind: Kind.optional(), name: Name.optional(), parentId: Parent.optional() }))
    .mutation(({ ctx, input: { workspace: _, ...input } }) => updateGroup({ ctx: ctx.verb, input })),
  setNodes: workspaceProcedure
    .input(ById.extend({ nodeIds: z.array(idOf('nd')).max(1_000) }))
    .mutation(({ ctx, input: { id, nodeIds } }) => setGroupNodes({ ctx: ctx.verb, input: { id, nodeIds } })),
  archive: workspaceProcedure
    .input(ById)
    .mutation(({ ctx, input: { id } }) => archiveGroup({ ctx: ctx.verb, input: { id } })),
})
