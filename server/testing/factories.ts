import type { Clock } from '../core/clock'
import { newId } from '../core/ids'
import type { Grant, Role } from '../core/permissions'
import type { Ctx } from '../services/context'
import { createEnrolmentToken } from '../services/nodes/create-enrolment-token'
import { enrolNode } from '../services/nodes/enrol'
import { createKey, type SimulatedKey } from './agent-simulator'
import type { TestDatabase } from './database'

export type TestWorkspace = {
  id: string
  slug: string
  /** Context of a new member with this role, in the whole workspace or in one group. */
  as: (role: Role, groupId?: string) => Promise<Ctx>
  /** A group with these nodes. */
  addGroup: (name: string, nodeIds?: string[], more?: { kind?: string; parentId?: string }) => Promise<string>
  asJob: Ctx
  addNode: (name: string) => Promise<{ id: string; ctx: Ctx; key: SimulatedKey }>
  /** Another key of a node, as if it had been enrolled again. */
  addKey: (nodeId: string, publicKey: string) => Promise<void>
  addDestination: (settings?: object, channel?: string) => Promise<string>
  addStatusPage: (components: Record<string, string[]>) => Promise<string>
}

let serial = 0
const unique = (word: string): string => `${word}-${++serial}`

export async function createUser({ owner }: TestDatabase, passwordHash: string | null = null) {
  const id = newId()
  const email = `${unique('person')}@example.org`
  await owner.prisma.userAccount.create({ data: { id, email, name: 'Person', passwordHash } })
  return { id, email }
}

/** A workspace with what its methods add; the rows are real, made by the verbs where there are verbs. */
export async function createWorkspace(db: TestDatabase, clock?: Clock): Promise<TestWorkspace> {
  const { prisma } = db.owner
  const id = newId()
  const slug = unique('workspace')
  await prisma.workspace.create({ data: { id, slug, name: `Name of ${slug}` } })
  const asJob: Ctx = { workspaceId: id, actor: { kind: 'job', name: 'test' }, db: db.app, clock }
  return {
    id,
    slug,
    asJob,
    as: async (role, groupId) => {
      const user = await createUser(db)
      const memberId = newId()
      const grant: Grant = { role, groupId: groupId ?? null }
      await prisma.member.create({ data: { workspaceId: id, id: memberId, userId: user.id } })
      await prisma.memberGrant.create({
        data: { workspaceId: id, id: newId(), memberId, ...grant, validFrom: new Date(0) },
      })
      return { ...asJob, actor: { kind: 'user', userId: user.id, grants: [grant] } }
    },
    addGroup: async (name, nodeIds = [], { kind = 'match', parentId } = {}) => {
      const group = { workspaceId: id, id: newId(), kind, name, parentId }
      await prisma.nodeGroup.create({ data: group })
      await prisma.groupNode.createMany({
        data: nodeIds.map((nodeId) => ({ workspaceId: id, groupId: group.id, nodeId })),
      })
      return group.id
    },
    addNode: async (name) => {
      const { token } = await createEnrolmentToken({ ctx: asJob, input: { nodeName: name } })
      const key = createKey()
      const input = { token, publicKey: key.publicKey, hostname: name, agentVersion: '0.1.0' }
      const { nodeId } = await enrolNode({ db: db.app, clock, input })
      return { id: nodeId, key, ctx: { ...asJob, actor: { kind: 'agent', nodeId } } }
    },
    addKey: async (nodeId, publicKey) => {
      await prisma.nodeCredential.create({ data: { workspaceId: id, id: newId(), nodeId, publicKey } })
    },
    addDestination: async (settings = {}, channel = 'webhook') => {
      const destination = { workspaceId: id, id: newId(), channel, name: unique('destination'), settings }
      await prisma.destination.create({ data: destination })
      return destination.id
    },
    addStatusPage: async (components) => {
      const page = { workspaceId: id, id: newId(), slug: unique('page'), title: 'Servers', published: true }
      await prisma.statusPage.create({ data: page })
      for (const [position, [name, nodeIds]] of Object.entries(components).entries()) {
        const component = { workspaceId: id, id: newId(), statusPageId: page.id, name, position }
        await prisma.component.create({ data: component })
        const links = nodeIds.map((nodeId) => ({ workspaceId: id, componentId: component.id, nodeId }))
        await prisma.componentNode.createMany({ data: links })
      }
      return page.slug
    },
  }
}
