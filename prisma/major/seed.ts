import { randomBytes } from 'node:crypto'
import { hashPassword } from '../../server/auth/password'
import type { Clock } from '../../server/core/clock'
import { newId } from '../../server/core/ids'
import type { AppDb } from '../../server/db/pool'
import { inWorkspace } from '../../server/db/tenant'
import { recordIncident } from '../../server/services/incidents/record'
import { planFleet } from './fleet'
import { type Flood, planFloods, reportsOf } from './floods'
import { fillSamples } from './samples'

const SLUG = 'major'
const EMAIL = 'owner@major.example'
const INCIDENTS = 400
const DAY_MS = 86_400_000

export type Major = { workspaceId: string; workspaceSlug: string; owner: { email: string; password: string } }

/**
 * A workspace as a big organiser has it: 500 nodes in 60 groups, 400 incidents, minutes of `days` days and seconds of the last
 * hour. Needs the owner of the tables. Run again it goes on where it ended and sets a new password.
 */
export async function seedMajor(
  db: AppDb,
  { password, days = 30, say = () => {} }: { password?: string; days?: number; say?: (line: string) => void },
): Promise<Major> {
  const nowMs = Math.floor(Date.now() / 60_000) * 60_000
  const word = password ?? randomBytes(12).toString('base64url')
  const known = await db.prisma.workspace.findUnique({ where: { slug: SLUG } })
  const workspaceId = known?.id ?? (await makeWorkspace(db, nowMs))
  await setPassword(db, workspaceId, word)
  const { rows } = await db.pool.query<{ newest: Date | null }>(
    'SELECT max(at) AS newest FROM sample_1m WHERE workspace_id = $1',
    [workspaceId],
  )
  const fromMs = rows[0]?.newest?.getTime() ?? nowMs - days * DAY_MS
  const floods = known === null ? await makeIncidents(db, workspaceId, fromMs, nowMs) : []
  say(`${floods.length} incidents`)
  await fillSamples(db, workspaceId, floods, { fromMs, toMs: nowMs }, say)
  return { workspaceId, workspaceSlug: SLUG, owner: { email: EMAIL, password: word } }
}

async function makeWorkspace({ prisma }: AppDb, nowMs: number): Promise<string> {
  const id = newId()
  const { nodes, groups, members } = planFleet(id, nowMs)
  await prisma.$transaction([
    prisma.workspace.create({ data: { id, slug: SLUG, name: 'Major' } }),
    prisma.node.createMany({ data: nodes }),
    prisma.nodeGroup.createMany({ data: groups }),
    prisma.groupNode.createMany({ data: members.map((one) => ({ workspaceId: id, ...one })) }),
  ])
  return id
}

async function setPassword({ prisma }: AppDb, workspaceId: string, password: string): Promise<void> {
  const passwordHash = await hashPassword(password)
  const user = await prisma.userAccount.upsert({
    where: { email: EMAIL },
    create: { id: newId(), email: EMAIL, name: 'Owner of the major', passwordHash },
    update: { passwordHash },
  })
  if ((await prisma.member.count({ where: { workspaceId, userId: user.id } })) > 0) return
  const memberId = newId()
  await prisma.member.create({ data: { workspaceId, id: memberId, userId: user.id } })
  await prisma.memberGrant.create({
    data: { workspaceId, id: newId(), memberId, role: 'owner', validFrom: new Date(0) },
  })
}

/** Through the verb that takes reports of nodes, under a clock that stands where the flood was. */
async function makeIncidents(db: AppDb, workspaceId: string, fromMs: number, toMs: number): Promise<Flood[]> {
  const nodes = await inWorkspace(db, workspaceId, (tx) =>
    tx.node.findMany({ where: { workspaceId }, select: { id: true }, orderBy: { name: 'asc' } }),
  )
  const floods = planFloods(
    nodes.map(({ id }) => id),
    INCIDENTS,
    fromMs,
    toMs,
  )
  for (const flood of floods) {
    for (const { event, report } of reportsOf(flood)) {
      const atMs = event.atUs / 1_000 + 60
      const clock: Clock = { now: () => Math.round(atMs), micros: () => Math.round(atMs * 1_000) }
      const actor = { kind: 'agent', nodeId: flood.nodeId } as const
      await recordIncident({ ctx: { workspaceId, db, actor, clock }, input: { nodeId: flood.nodeId, event, report } })
    }
  }
  return floods
}
