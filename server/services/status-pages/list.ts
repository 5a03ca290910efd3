import { type Ctx, inTenant, requirePermission } from '../context'

export type StatusPage = {
  id: string
  slug: string
  title: string
  published: boolean
  components: { id: string; name: string; nodeIds: string[] }[]
}

export async function listStatusPages({ ctx }: { ctx: Ctx }): Promise<StatusPage[]> {
  requirePermission(ctx, 'status_page.read')
  const rows = await inTenant(ctx, (tx) =>
    tx.statusPage.findMany({
      where: { workspaceId: ctx.workspaceId },
      orderBy: { slug: 'asc' },
      include: { components: { orderBy: { position: 'asc' }, include: { nodes: true } } },
    }),
  )
  return rows.map(({ id, slug, title, published, components }) => ({
    id,
    slug,
    title,
    published,
    components: components.map((component) => ({
      id: component.id,
      name: component.name,
      nodeIds: component.nodes.map(({ nodeId }) => nodeId),
    })),
  }))
}
