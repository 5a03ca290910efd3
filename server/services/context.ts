import type { z } from 'zod'
import { type Clock, systemClock } from '../core/clock'
import { ForbiddenError, ValidationError } from '../core/errors'
import { type Permission, type Role, roleMay } from '../core/permissions'
import type { AppDb, Tx } from '../db/pool'
import { inWorkspace } from '../db/tenant'

/** Who acts. `agent` is a node with its own key, `job` the platform itself. */
export type Actor =
  | { kind: 'user'; userId: string; role: Role }
  | { kind: 'agent'; nodeId: string }
  | { kind: 'job'; name: string }

export type Ctx = { workspaceId: string; actor: Actor; db: AppDb; clock?: Clock; tx?: Tx }

export const clockOf = (ctx: Ctx): Clock => ctx.clock ?? systemClock

export function actorId({ actor }: Ctx): string {
  if (actor.kind === 'user') return actor.userId
  return actor.kind === 'agent' ? actor.nodeId : actor.name
}

/** The caller's transaction when there is one, else one of its own. */
export const inTenant = <Result>(ctx: Ctx, work: (tx: Tx) => Promise<Result>): Promise<Result> =>
  ctx.tx ? work(ctx.tx) : inWorkspace(ctx.db, ctx.workspaceId, work)

export function requirePermission({ actor }: Ctx, permission: Permission): void {
  if (actor.kind === 'job') return
  if (actor.kind === 'user' && roleMay(actor.role, permission)) return
  const who = actor.kind === 'user' ? `Your role (${actor.role.replace('_', ' ')})` : 'A node'
  throw new ForbiddenError(`${who} may not do this (${permission}). Ask an owner or admin of the workspace.`)
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
