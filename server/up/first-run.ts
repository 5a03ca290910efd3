import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { hashPassword } from '../auth/password'
import { newId } from '../core/ids'
import type { AppDb, Tx } from '../db/pool'
import { createEnrolmentToken } from '../services/nodes/create-enrolment-token'

/** Nobody's: it takes no mail. */
export const FIRST_EMAIL = 'owner@platform.example'
const SLUG = 'main'
const FIRST_NODE = 'match-01'
const TOKEN_HOURS = 24

const FirstSignIn = z.object({
  email: z.string(),
  password: z.string(),
  enrol: z.object({ nodeName: z.string(), token: z.string(), expiresMs: z.number() }),
})
export type FirstSignIn = z.infer<typeof FirstSignIn>

/** 96 random bits, in letters that are not mistaken for each other. */
export const newPassword = (): string => randomBytes(12).toString('base64url')

/**
 * The first workspace, its owner, a status page and a token for the first server; nothing when a workspace stands. The
 * database keeps hashes only: what must be shown is written to `unshown` before it is committed, so that a crash in
 * between loses no sign-in.
 */
export async function ensureFirstWorkspace(
  db: AppDb,
  { unshown, email = FIRST_EMAIL }: { unshown: string; email?: string },
): Promise<boolean> {
  const password = newPassword()
  const passwordHash = await hashPassword(password)
  return db.prisma.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('first workspace'))`
      if ((await tx.workspace.count()) > 0) return false
      const workspaceId = newId()
      await tx.$executeRaw`SELECT set_config('app.workspace', ${workspaceId}, true)`
      await tx.workspace.create({ data: { id: workspaceId, slug: SLUG, name: 'My servers' } })
      const userId = newId()
      await tx.userAccount.create({ data: { id: userId, email, name: 'Owner', passwordHash } })
      const memberId = newId()
      await tx.member.create({ data: { workspaceId, id: memberId, userId } })
      await tx.memberGrant.create({
        data: { workspaceId, id: newId(), memberId, role: 'owner', validFrom: new Date() },
      })
      await createStatusPage(tx, workspaceId)
      const enrol = await mintToken(db, tx, workspaceId, FIRST_NODE)
      const kept: FirstSignIn = { email, password, enrol }
      writeFileSync(unshown, JSON.stringify(kept), { mode: 0o600, flush: true })
      return true
    },
    { timeout: 30_000 },
  )
}

async function createStatusPage(tx: Tx, workspaceId: string): Promise<void> {
  const statusPageId = newId()
  const [nodeId, componentId] = [newId(), newId()]
  await tx.statusPage.create({
    data: { workspaceId, id: statusPageId, slug: SLUG, title: 'Match servers', published: true },
  })
  await tx.node.create({ data: { workspaceId, id: nodeId, name: FIRST_NODE } })
  await tx.component.create({ data: { workspaceId, id: componentId, statusPageId, name: 'Match 1', position: 0 } })
  await tx.componentNode.create({ data: { workspaceId, componentId, nodeId } })
}

async function mintToken(db: AppDb, tx: Tx | undefined, workspaceId: string, nodeName: string) {
  const ctx = { workspaceId, actor: { kind: 'job' as const, name: 'bin/up' }, db, tx }
  const { token, expiresAt } = await createEnrolmentToken({ ctx, input: { nodeName, validHours: TOKEN_HOURS } })
  return { nodeName, token, expiresMs: expiresAt.getTime() }
}

/** What no one has been shown yet; null when there is nothing. */
export function readUnshown(unshown: string): FirstSignIn | null {
  if (!existsSync(unshown)) return null
  return FirstSignIn.parse(JSON.parse(readFileSync(unshown, 'utf8')))
}

export const forgetShown = (unshown: string): void => rmSync(unshown, { force: true })

/** A token for one more server of the first workspace. */
export async function mintEnrolment(db: AppDb, nodeName: string): Promise<FirstSignIn['enrol']> {
  const { workspaceId } = await firstOwner(db)
  return mintToken(db, undefined, workspaceId, nodeName)
}

/** Gives the first owner a new password and ends that person's sessions. */
export async function renewPassword(db: AppDb): Promise<{ email: string; password: string }> {
  const { userId, email } = await firstOwner(db)
  const password = newPassword()
  const passwordHash = await hashPassword(password)
  await db.prisma.$transaction([
    db.prisma.userAccount.update({ where: { id: userId }, data: { passwordHash } }),
    db.prisma.session.updateMany({ where: { userId, revokedAt: null }, data: { revokedAt: new Date() } }),
  ])
  return { email, password }
}

/** Who owns the first workspace. */
export async function firstOwner(db: AppDb): Promise<{ workspaceId: string; userId: string; email: string }> {
  const workspace = await db.prisma.workspace.findFirst({ orderBy: { createdAt: 'asc' } })
  const member =
    workspace &&
    (await db.prisma.member.findFirst({
      where: { workspaceId: workspace.id, grants: { some: { role: 'owner', revokedAt: null } } },
      orderBy: { createdAt: 'asc' },
      include: { user: true },
    }))
  if (!member) throw new Error('There is no workspace with an owner yet. Run bin/up first.')
  return { workspaceId: member.workspaceId, userId: member.userId, email: member.user.email }
}
