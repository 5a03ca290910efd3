import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { z } from 'zod'
import { createSessionReader } from './auth/session-reader'
import { type Clock, systemClock } from './core/clock'
import { formatId, newId, parseId } from './core/ids'
import { createSealer, settingsPlace } from './core/seal'
import { claimAccountMail, recordAccountMail } from './db/account-doors'
import { checkConnected, expireNodes, findCredential, forgetNonces, spendNonce } from './db/doors'
import { createOutbox } from './db/outbox'
import { type AppDb, assertWalls, type EngineDb, openAppDb, openEngineDb } from './db/pool'
import { resealSettings } from './db/reseal'
import { createSampleStore } from './db/samples'
import { createAccountMailer } from './engine/account-mailer'
import { listen } from './engine/notifications'
import { createSender } from './engine/sender'
import { type Env, requireEnv } from './env'
import { createAgentVerbs } from './gateway/agent-verbs'
import { createAgentAuthenticator } from './gateway/authenticate-agent'
import { createConsoleVerbs, readIncidentRow, readNodeTile } from './gateway/console-verbs'
import { createEvidenceStore } from './gateway/evidence-store'
import { createGateway, type Gateway } from './gateway/gateway'
import { createIncidentFeed } from './gateway/incident-feed'
import { createMetrics, type Metrics } from './gateway/metrics'
import { createApplyPush } from './ingest/apply-push'
import { createSampleIngest } from './ingest/ingest-samples'
import { startUpkeep } from './ingest/upkeep'
import type { IncidentNotice } from './notify/channel'
import { createEmailChannel } from './notify/email'
import { createRegistry } from './notify/registry'
import { renderAccountEmail } from './notify/render-account-email'
import { readSmtp } from './notify/smtp-url'
import { createWebhookChannel } from './notify/webhook'
import { getLiveScope } from './services/members/get-scope'
import { startSourceReading } from './sources/start'
import { defaultBrand } from './tenancy/brand'
import { boardOptions, followGroups, startCalendars } from './wiring-events'

export const ROLES = ['gateway', 'engine'] as const
export type Role = (typeof ROLES)[number]
export const isRole = (name: string): name is Role => (ROLES as readonly string[]).includes(name)

export type PlatformOptions = {
  env: Env
  roles: Role[]
  log: Logger
  clock?: Clock
}

export type Platform = {
  /** Port the gateway listens on; null without that role. */
  port: number | null
  stop: () => Promise<void>
}

const FORGET_MS = 10 * 60_000
/** A node that comes back within this time after a crash of its gateway was never called offline. */
const UNSEEN_MS_MAX = 30_000
const EVIDENCE_BYTES_MAX = 8 * 1024 ** 3

/** Builds every instance of this process and starts it. Nothing else in the server makes instances of its own. */
export async function startPlatform({ env, roles, log, clock = systemClock }: PlatformOptions): Promise<Platform> {
  const appDb = openAppDb(requireEnv(env, 'DATABASE_APP_URL'), { onError: (err) => log.warn({ err }, 'database') })
  const engineDb = openEngineDb(requireEnv(env, 'DATABASE_ENGINE_URL'), {
    onError: (err) => log.warn({ err }, 'database'),
  })
  const metrics = createMetrics()
  await assertWalls(appDb.pool)
  const base: Base = { env, log, clock, metrics, appDb, engineDb }
  const engine = roles.includes('engine') ? await startEngine(base) : null
  const gateway = roles.includes('gateway') ? await startGateway(base) : null
  log.info({ roles, port: gateway?.port }, 'ready')
  return {
    port: gateway?.port ?? null,
    stop: async () => {
      await gateway?.stop()
      await engine?.stop()
      await Promise.all([appDb.close(), engineDb.close()])
    },
  }
}

type Base = { env: Env; log: Logger; clock: Clock; metrics: Metrics; appDb: AppDb; engineDb: EngineDb }

async function startEngine(base: Base): Promise<{ stop: () => Promise<void> }> {
  const { env, log, clock, metrics, engineDb } = base
  const sealer = createSealer(requireEnv(env, 'SETTINGS_KEY'))
  const webhook = createWebhookChannel({
    nowUs: clock.micros,
    allowCidrs: env.WEBHOOK_ALLOW_CIDRS,
    timeoutMs: ATTEMPT_MS_MAX,
  })
  const email = createEmailChannel({
    smtp: env.SMTP_URL === '' ? null : readSmtp(env.SMTP_URL, env.MAIL_FROM),
    brand: defaultBrand(),
    publicUrl: env.PUBLIC_URL,
    nowUs: clock.micros,
    timeoutMs: ATTEMPT_MS_MAX,
  })
  const channels = createRegistry([webhook, email])
  const accountMailer = createAccountMailer({
    claim: (limit) => claimAccountMail(engineDb, { limit, nowMs: clock.now(), leaseMs: ATTEMPT_MS_MAX + 5_000 }),
    record: (mail) => recordAccountMail(engineDb, { ...mail, nowMs: clock.now() }),
    send: async (recipient, id, content) => {
      const result = await email.sendTo(recipient, id, renderAccountEmail(defaultBrand(), content))
      if (result.outcome === 'delivered') return null
      return { error: result.detail, isFinal: result.outcome === 'failed' || result.outcome === 'disable' }
    },
    sealer,
    nowMs: clock.now,
    log,
  })
  const pumpAccountMail = (): void => {
    accountMailer.pump().catch((err: unknown) => log.error({ err }, 'sending account mail failed'))
  }
  const sender = createSender({
    queue: createOutbox<IncidentNotice>({
      db: engineDb,
      clock,
      worker: `${hostname()}:${process.pid}:${newId()}`,
      leaseMs: ATTEMPT_MS_MAX + 5_000,
    }),
    channels,
    openSettings: ({ workspaceId, destinationId, settings }) =>
      sealer.open(settings, settingsPlace(workspaceId, destinationId)),
    nowUs: clock.micros,
    random: Math.random,
    log,
    onAttempt: ({ message, attempt, result }) => {
      metrics.deliveries.inc({ channel: message.channel, outcome: result.outcome })
      if (attempt === 1 && result.startedUs !== null) {
        metrics.dispatchSeconds.observe((result.startedUs - message.createdUs) / 1e6)
      }
    },
  })
  await webhook.warmUp()
  // Not waited for: a mail server that is away must not keep webhooks from going out.
  email.warmUp().then(
    (problem) => problem !== null && log.warn({ problem }, 'the mail server cannot be used; mails wait'),
    (err: unknown) => log.error({ err }, 'preparing mail failed'),
  )
  const sealed = await resealSettings(engineDb, sealer, (place, err) =>
    log.error({ place, err }, 'what is sealed there cannot be read'),
  )
  if (sealed > 0) log.info({ sealed }, 'settings and secrets sealed with the newest key')
  const notifications = await listen({
    url: env.DATABASE_ENGINE_URL,
    handlers: { outgoing_message: () => sender.wake(), account_mail: pumpAccountMail },
    onListening: () => {
      sender.wake()
      pumpAccountMail()
    },
    log,
  })
  const stopMaintenance = startMaintenance(engineDb, clock, log)
  const calendars = startCalendars(base)
  sender.start()
  const accountMailSweep = setInterval(pumpAccountMail, ACCOUNT_MAIL_SWEEP_MS)
  return {
    stop: async () => {
      clearInterval(accountMailSweep)
      await stopMaintenance()
      await calendars.stop()
      await notifications.stop()
      await sender.stop()
      await channels.close()
    },
  }
}

/** Safety net under NOTIFY, and what lets a mail be tried again. */
const ACCOUNT_MAIL_SWEEP_MS = 2_000

/** One attempt to send, connection included. A message whose engine died is taken over once this is past. */
const ATTEMPT_MS_MAX = 15_000

/** Telemetry in shape, spent nonces forgotten, silent nodes called offline. */
function startMaintenance(db: EngineDb, clock: Clock, log: Logger): () => Promise<void> {
  const stopUpkeep = startUpkeep({ store: createSampleStore(db), clock, log })
  const forget = (): void => {
    forgetNonces(db, clock.now()).catch((err: unknown) => log.error({ err }, 'forgetting nonces failed'))
  }
  const expire = (): void => {
    expireNodes(db, clock.now() - UNSEEN_MS_MAX).catch((err: unknown) => log.error({ err }, 'expiring nodes failed'))
  }
  forget()
  const timers = [setInterval(forget, FORGET_MS), setInterval(expire, UNSEEN_MS_MAX / 6)]
  return async () => {
    for (const timer of timers) clearInterval(timer)
    await stopUpkeep()
  }
}

const NodeChanged = z.object({ workspaceId: z.uuid(), nodeId: z.uuid() })
const PolicyChanged = z.object({ workspaceId: z.uuid() })
const IncidentChanged = z.object({ workspaceId: z.uuid(), incidentId: z.uuid() })

async function startGateway(base: Base): Promise<{ port: number; stop: () => Promise<void> }> {
  const { env, log, clock, appDb } = base
  const verbs = createAgentVerbs(appDb, clock)
  const sessions = createSessionReader({ db: appDb, secret: requireEnv(env, 'NEXTAUTH_SECRET'), now: clock.now })
  let isListening = (): boolean => false
  let wakeSources = (): void => undefined
  const gateway: Gateway = createGateway({
    agents: {
      authenticate: createAgentAuthenticator({
        findCredential: async (claimed) => {
          const nodeId = nodeIdOrNull(claimed)
          return nodeId === null ? null : findCredential(appDb, nodeId)
        },
        spendNonce: (spent) => spendNonce(appDb, spent),
        nowMs: clock.now,
      }),
      welcome: async (identity, hello) => {
        const welcome = await verbs.welcome(identity, hello)
        showTile(identity)
        groups.greeted(identity)
        return welcome
      },
      markOffline: async (identities) => {
        await verbs.markOffline(identities)
        for (const identity of identities) showTile(identity)
      },
      recordHeld: verbs.recordHeld,
      recordHealth: verbs.recordHealth,
      readPolicies: verbs.readPolicies,
      nowMs: clock.now,
      applyPush: createPushes(base, verbs, () => gateway),
      checkConnected: (identities) =>
        checkConnected(
          appDb,
          identities.map(({ credentialId }) => credentialId),
          clock.now(),
        ),
    },
    consoles: createConsoleVerbs(sessions, (of) => getLiveScope({ db: appDb, input: of })),
    evidence: {
      ...verbs,
      completeUpload: async (identity, stored) => {
        await verbs.completeUpload(identity, stored)
        wakeSources()
      },
      store: createEvidenceStore(env.EVIDENCE_DIR, EVIDENCE_BYTES_MAX),
    },
    boards: boardOptions(base, sessions),
    enrol: verbs.enrol,
    auditRefusal: verbs.auditRefusal,
    agentPackages: env.AGENT_PACKAGE_DIR,
    readiness: async () => {
      const isDatabaseUp = await appDb.pool.query('SELECT 1').then(
        () => true,
        () => false,
      )
      const checks = { database: isDatabaseUp, notifications: isListening() }
      return { isReady: Object.values(checks).every(Boolean), checks }
    },
    metrics: base.metrics,
    log,
  })
  const showTile = ({ workspaceId, nodeId }: z.infer<typeof NodeChanged>): void => {
    if (!gateway.fanOut.isOpen(workspaceId)) return
    readNodeTile(appDb, workspaceId, nodeId).then(
      (tile) => gateway.fanOut.node(workspaceId, tile),
      (err: unknown) => log.error({ err, nodeId }, 'reading a node to show it failed'),
    )
  }
  const feed = createIncidentFeed({
    readSummary: ({ workspaceId, incidentId }) => readIncidentRow(appDb, workspaceId, incidentId),
    fanOut: gateway.fanOut,
    log,
  })
  const groups = followGroups(base, gateway)
  const notifications = await listen({
    url: env.DATABASE_APP_URL,
    handlers: {
      incident: (payload) => {
        const change = IncidentChanged.parse(payload)
        feed(change)
        gateway.boards.changed(change.workspaceId)
      },
      node: (payload) => {
        const change = NodeChanged.parse(payload)
        showTile(change)
        gateway.boards.changed(change.workspaceId)
      },
      policy: (payload) => {
        const { workspaceId } = PolicyChanged.parse(payload)
        gateway.agents.policyChanged(workspaceId)
        gateway.fanOut.policy(workspaceId)
      },
      policy_held: (payload) => gateway.fanOut.policy(PolicyChanged.parse(payload).workspaceId),
      groups: groups.handler,
    },
    // What changed while nobody listened.
    onListening: () => {
      groups.onListening()
      gateway.agents.policyChanged()
    },
    log,
  })
  isListening = notifications.isListening
  const sources = startSourceReading({ db: appDb, tables: env.IP_TABLES_DIR, clock, log })
  wakeSources = sources.wake
  const port = await gateway.listen(env.GATEWAY_PORT, env.GATEWAY_HOST)
  return {
    port,
    stop: async () => {
      groups.stop()
      await gateway.drain()
      await sources.stop()
      await notifications.stop()
    },
  }
}

function createPushes(
  { engineDb, clock, metrics, log }: Base,
  verbs: ReturnType<typeof createAgentVerbs>,
  gateway: () => Gateway,
) {
  const samples = createSampleStore(engineDb)
  return createApplyPush({
    ...verbs,
    ingestSamples: createSampleIngest({
      store: samples.store,
      nowMs: clock.now,
      show: ({ workspaceId, nodeId }, sample) => gateway().fanOut.sample(workspaceId, formatId('nd', nodeId), sample),
      showHistory: ({ workspaceId, nodeId }, span) =>
        gateway().fanOut.history(workspaceId, { nodeId: formatId('nd', nodeId), ...span }),
    }),
    nowUs: clock.micros,
    metrics,
    log,
  })
}

/** Node ids come from outside: what is none belongs to nobody. */
function nodeIdOrNull(claimed: string): string | null {
  try {
    return parseId('nd', claimed)
  } catch {
    return null
  }
}
