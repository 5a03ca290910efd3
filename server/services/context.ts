import type { z } from 'zod'
import { type Clock, systemClock } from '../core/clock'
import { ForbiddenError, ValidationError } from '../core/errors'
import { type Grant, type Permission, type Reach, reachOf } from '../core/permissions'
import type { AppDb, Tx } from '../db/pool'
import { createSharedReading, type SharedReading } from '../db/shared-reading'
import { inWorkspace } from '../db/tenant'

/** Who acts. `agent` is a node with its own key, `spectator` a link to a board, `job` the platform itself. */
export type Actor =
  | { kind: 'user'; userId: string; grants: readonly Grant[] }
  | { kind: 'agent'; nodeId: string }
  | { kind: 'spectator'; linkId: string; groupId: string; showsRates: boolean }
  | { kind: 'job'; name: string }

export type Ctx = {
  workspaceId: string
  actor: Actor
  db: AppDb
  clock?: Clock
  tx?: Tx
  /** Where a request only reads. */
  reading?: SharedReading
}

export const clockOf = (ctx: Ctx): Clock => ctx.clock ?? systemClock

export function actorId({ actor }: Ctx): string {
  if (actor.kind === 'user') return actor.userId
  if (actor.kind === 'spectator') return actor.linkId
  return actor.kind === 'agent' ? actor.nodeId : actor.name
}

/** The caller's transaction when there is one, else that of all reading of this request, else one of its own. */
export function inTenant<Result>(ctx: Ctx, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  if (ctx.tx) return work(ctx.tx)
  return ctx.reading ? ctx.reading.run(work) : inWorkspace(ctx.db, ctx.workspaceId, work)
}

/** Reading that the verbs of one request share. */
export const openReading = (db: AppDb, workspaceId: string): SharedReading => createSharedReading(db, workspaceId)
export type { SharedReading }

/** What several verbs of a request that only reads need alike: read once, by its name. */
export const readOnce = <Result>(ctx: Ctx, name: string, read: () => Promise<Result>): Promise<Result> =>
  ctx.reading ? ctx.reading.once(name, read) : read()

/**
 * Whether the actor may do this at all, and how far: a verb about nodes asks `reach.ts` which of them that covers.
 * @throws ForbiddenError
 */
export function requirePermission({ actor }: Ctx, permission: Permission): Reach {
  if (actor.kind === 'job') return 'workspace'
  const reach = reachOf(grantsOf(actor), permission)
  if (reach !== null) return reach
  throw new ForbiddenError(`${nameOf(actor)} may not do this (${permission}). Ask an owner or admin of the workspace.`)
}

/** A link to a board is a spectator of its group. */
function grantsOf(actor: Actor): readonly Grant[] {
  if (actor.kind === 'user') return actor.grants
  return actor.kind === 'spectator' ? [{ role: 'spectator', groupId: actor.groupId }] : []
}

function nameOf(actor: Actor): string {
  if (actor.kind === 'spectator') return 'A board link'
  if (actor.kind !== 'user') return 'A node'
  const roles = [...new Set(actor.grants.map(({ role }) => role.replace('_', ' ')))]
  return `Your role (${roles.join(', ')})`
}

/** Reports of a node are taken from that node alone. */
export function requireNode({ actor }: Ctx, nodeId: string): void {
  if (actor.kind === 'job' || (actor.kind === 'agent' && actor.nodeId === nodeId)) return
  throw new ForbiddenError('Only the node itself may report this.')
}

export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') || null
  throw new ValidationError(`${field ?? 'The input'} is not valid: ${issue?.message ?? 'unreadable'}.`, field)
}
