import { randomBytes } from 'node:crypto'
import { hashPassword } from '../server/auth/password'
import { newId } from '../server/core/ids'
import { createSealer, type Sealer, settingsPlace } from '../server/core/seal'
import type { AppDb, Tx } from '../server/db/pool'
import { inWorkspace } from '../server/db/tenant'
import { WebhookSettings } from '../server/notify/settings'
import type { Ctx } from '../server/services/context'
import type { NewDestination } from '../server/services/destinations/create'
import { ensureDestination } from '../server/services/destinations/ensure'
import { createEnrolmentToken } from '../server/services/nodes/create-enrolment-token'

const SLUG = 'tournament'
const EMAIL = 'owner@tournament.example'
const NODES = ['match-01', 'match-02']
const WEBHOOK = 'operations'
const EMAIL_DESTINATION = 'operations by mail'

export type Seeded = {
  workspaceId: string
  workspaceSlug: string
  owner: { email: string; password: string }
  statusPageSlug: string
  statusPageUrlPath: string
  webhook: { destinationId: string; secret: string } | null
  email: { destinationId: string } | null
  enrolmentTokens: { nodeName: string; token: string }[]
}

/** `settingsKeys` (SETTINGS_KEY) are needed for destinations only. */
export type SeedOptions = { webhookUrl?: string; mailTo?: string; password?: string; settingsKeys?: string[] }

/** Needs the owner of the tables: it makes a workspace and an account. */
export async function seedTournament(db: AppDb, options: SeedOptions): Promise<Seeded> {
  const { webhookUrl, mailTo, password, settingsKeys = [] } = options
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
  await inWorkspace(db, workspaceId, async (tx) => {
    const member = await tx.member.upsert({
      where: { workspaceId_userId: { workspaceId, userId: user.id } },
      create: { workspaceId, id: newId(), userId: user.id },
      update: {},
    })
    const grant = { workspaceId, memberId: member.id, role: 'owner', groupId: null, revokedAt: null }
    if ((await tx.memberGrant.count({ where: grant })) === 0)
      await tx.memberGrant.create({ data: { ...grant, id: newId(), validFrom: new Date() } })
    await seedStatusPage(tx, workspaceId)
  })
  const ctx: Ctx = { workspaceId, actor: { kind: 'job', name: 'seed' }, db }
  const webhook = webhookUrl === undefined ? null : await seedWebhook(ctx, createSealer(settingsKeys), webhookUrl)
  const email = mailTo === undefined ? null : await seedEmail(ctx, createSealer(settingsKeys), mailTo)
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
    email,
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

/** Keeps the secret that receivers know, and goes to the address it is given now. */
async function seedWebhook(ctx: Ctx, sealer: Sealer, url: string): Promise<NonNullable<Seeded['webhook']>> {
  const fresh = { url, secret: `whsec_${randomBytes(32).toString('base64')}` }
  const input = { channel: 'webhook', name: WEBHOOK, settings: fresh } as const
  const { id, settings } = await ensureDestination({ ctx, input, sealer })
  const { secret } = WebhookSettings.parse(settings)
  const { workspaceId } = ctx
  const sealed = sealer.seal({ url, secret }, settingsPlace(workspaceId, id))
  await inWorkspace(ctx.db, workspaceId, (tx) =>
    tx.destination.update({
      where: { workspaceId_id: { workspaceId, id } },
      data: { settings: sealed, enabled: true },
    }),
  )
  return { destinationId: id, secret }
}

async function seedEmail(ctx: Ctx, sealer: Sealer, address: string): Promise<NonNullable<Seeded['email']>> {
  const settings = { recipients: [address] }
  const input = { channel: 'email', name: EMAIL_DESTINATION, settings } satisfies NewDestination
  return { destinationId: (await ensureDestination({ ctx, input, sealer })).id }
}
