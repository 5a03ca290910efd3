import type { Logger } from 'pino'
import { z } from 'zod'
import type { SessionReader } from './auth/session-reader'
import type { Clock } from './core/clock'
import { createSealer } from './core/seal'
import { claimCalendars } from './db/doors'
import type { AppDb, EngineDb } from './db/pool'
import { createCalendarRefresher } from './engine/calendar-refresher'
import { type Env, requireEnv } from './env'
import type { BoardNamespaceOptions } from './gateway/board-namespace'
import { createBoardVerbs } from './gateway/board-verbs'
import type { Gateway } from './gateway/gateway'
import { createScheduleFeed } from './gateway/schedule-feed'
import { refreshCalendar } from './services/calendars/refresh'
import { listNodeSchedules } from './services/nodes/get-schedule'

type Parts = { env: Env; log: Logger; clock: Clock; appDb: AppDb; engineDb: EngineDb }

const SWEEP_MS = 15_000
/** Longer than fetching, reading and storing one calendar may take. */
const LEASE_MS = 120_000

/** Asks calendars by address again when their time has come. */
export function startCalendars({ env, log, clock, appDb, engineDb }: Parts): { stop: () => Promise<void> } {
  const parts = {
    sealer: createSealer(requireEnv(env, 'SETTINGS_KEY')),
    fetch: { allowCidrs: env.WEBHOOK_ALLOW_CIDRS },
  }
  const refresher = createCalendarRefresher({
    claim: (limit) => claimCalendars(engineDb, { limit, nowMs: clock.now(), leaseMs: LEASE_MS }),
    refresh: ({ workspaceId, id }) =>
      refreshCalendar({
        ctx: { workspaceId, actor: { kind: 'job', name: 'calendar' }, db: appDb, clock },
        input: { id },
        parts,
      }),
    log,
  })
  let last: Promise<void> = Promise.resolve()
  const pump = (): void => {
    last = refresher.pump().catch((err: unknown) => log.error({ err }, 'looking for due calendars failed'))
  }
  pump()
  const timer = setInterval(pump, SWEEP_MS)
  return {
    stop: async () => {
      clearInterval(timer)
      await last
    },
  }
}

/** What the gateway needs to show boards. */
export const boardOptions = ({ appDb, clock }: Parts, sessions: SessionReader): Omit<BoardNamespaceOptions, 'log'> => ({
  ...createBoardVerbs(appDb, sessions, clock),
  nowMs: clock.now,
})

const GroupsChanged = z.object({ workspaceId: z.uuid() })

/** Follows changes of groups and their times: boards show them, nodes are told what audience to expect. */
export function followGroups({ appDb, clock, log }: Parts, gateway: Gateway) {
  const feed = createScheduleFeed({
    agents: gateway.agents,
    read: (workspaceId, nodeIds) =>
      listNodeSchedules({
        ctx: { workspaceId, actor: { kind: 'job', name: 'schedule' }, db: appDb, clock },
        input: { nodeIds },
      }),
    log,
  })
  return {
    handler: (payload: unknown): void => {
      const { workspaceId } = GroupsChanged.parse(payload)
      gateway.boards.changed(workspaceId)
      feed.changed(workspaceId)
    },
    /** What was said while nobody listened is lost: whoever is connected is told again. */
    onListening: (): void => {
      for (const workspaceId of gateway.agents.connected().keys()) feed.changed(workspaceId)
    },
    greeted: feed.greeted,
    stop: feed.stop,
  }
}
