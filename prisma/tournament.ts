import { randomBytes } from 'node:crypto'
import { hashPassword } from '../server/auth/password'
import { newId } from '../server/core/ids'
import type { AppDb, Tx } from '../server/db/pool'
import { inWorkspace } from '../server/db/tenant'
import type { Ctx } from '../server/services/context'
import { createEnrolmentToken } from '../server/services/nodes/create-enrolment-token'

const SLUG = 'tournament'
const EMAIL = 'owner@tournament.example'
const NODES = ['match-01', 'match-02']
const WEBHOOK = 'operations'

export type Seeded = {
  workspaceId: string
  workspaceSlug: string
  owner: { email: string; password: string }
  statusPageSlug: string
  statusPageUrlPath: string
  webhook: { destinationId: string; secret: string } | null
  enrolmentTokens: { nodeName: string; token: string }[]
}

export type SeedOptions = { webhookUrl?: string; password?: string }

/** Needs the owner of the tables: it makes a workspace and an account. */
export async function seedTournament(db: AppDb, { webhookUrl, password }: SeedOptions): Promise<Seeded> {
  const { prisma } = db
  const word = password ?? randomBytes(12).toString('base64url')
  const workspace = await prisma.workspace.upsert({
    where: { slug: SLUG },
    create: { id: newId(), slug: SLUG, name: 'Tournament' },
    update: {},
  })
  const passwordHash = await hashPassword(word)
  const user = await prisma.userAccount.upsert({
    where: { email: EMAIL },
    create: { id: newId(), email: EMAIL, name: 'Tournament owner', passwordHash },
    update: { passwordHash },
  })
  const workspaceId = workspace.id
  const webhook = await inWorkspace(db, workspaceId, async (tx) => {
    await tx.member.upsert({
      where: { workspaceId_userId: { workspaceId, userId: user.id } },
      create: { workspaceId, id: newId(), userId: user.id, role: 'owner' },
      update: { role: 'owner' },
    })
    await seedStatusPage(tx, workspaceId)
    return webhookUrl === undefined ? null : seedWebhook(tx, workspaceId, webhookUrl)
  })
  const ctx: Ctx = { workspaceId, actor: { kind: 'job', name: 'seed' }, db }
  const enrolmentTokens: Seeded['enrolmentTokens'] = []
  for (const nodeName of NODES) {
    const { token } = await createEnrolmentToken({ ctx, input: { nodeName } })
    enrolmentTokens.push({ nodeName, token })
  }
  return {
    workspaceId,
    workspaceSlug: SLUG,
    owner: { email: EMAIL, password: word },
    statusPageSlug: SLUG,
    statusPageUrlPath: `/s/${SLUG}`,
    webhook,
    enrolmentTokens,
  }
}

/** One component a match server, so that the page says which match is affected. */
async function seedStatusPage(tx: Tx, workspaceId: string): Promise<void> {
  const page = await tx.statusPage.upsert({
    where: { slug: SLUG },
    create: { workspaceId, id: newId(), slug: SLUG, title: 'Tournament servers', published: true },
    update: {},
  })
  for (const [position, name] of NODES.entries()) {
    const node = await tx.node.upsert({
      where: { workspaceId_name: { workspaceId, name } },
      create: { workspaceId, id: newId(), name },
      update: {},
    })
    const key = { workspaceId, statusPageId: page.id, name: `Match ${position + 1}` }
    const component = await tx.component.upsert({
      where: { workspaceId_statusPageId_name: key },
      create: { ...key, id: newId(), position },
      update: {},
    })
    const link = { workspaceId, componentId: component.id, nodeId: node.id }
    await tx.componentNode.upsert({ where: { workspaceId_componentId_nodeId: link }, create: link, update: {} })
  }
}

async function seedWebhook(tx: Tx, workspaceId: string, url: string): Promise<NonNullable<Seeded['webhook']>> {
  const known = await tx.destination.findUnique({ where: { workspaceId_name: { workspaceId, name: WEBHOOK } } })
  const kept = (known?.settings as { secret?: string } | undefined)?.secret
  const secret = kept ?? `whsec_${randomBytes(32).toString('base64')}`
  const destination = await tx.destination.upsert({
    where: { workspaceId_name: { workspaceId, name: WEBHOOK } },
    create: { workspaceId, id: newId(), channel: 'webhook', name: WEBHOOK, settings: { url, secret } },
    update: { settings: { url, secret }, enabled: true },
  })
  return { destinationId: destination.id, secret }
}
