import { readFileSync } from 'node:fs'
import { hostname, networkInterfaces, release } from 'node:os'
import { join } from 'node:path'
import { Policy, Schedule } from '../../wire/messages'
import { loadCap, loadForeignFunctions } from '../addons'
import { loadConfig, type RunOptions } from '../config'
import { createDisk, type Disk } from '../disk'
import { AgentError, errorText } from '../errors'
import { managementFilter } from '../evidence/management-filter'
import { createEvidence } from '../evidence/recorder'
import { createRing } from '../evidence/ring'
import { calmCompiler, createCollector, releaseStartupPages } from '../heap'
import { loadKey } from '../identity'
import type { Baseline } from '../judge/baseline'
import { initialState } from '../judge/state'
import { warmUp } from '../judge/warm'
import { createLink } from '../link/link'
import { createLog } from '../log'
import { countVerified, LISTED_HOT_MAX } from '../mitigate/count-verified'
import { createCutter } from '../mitigate/cutter'
import { openLedger } from '../mitigate/ledger'
import { type ForeignFunctions, type Nft, NftError, openNft } from '../mitigate/nft'
import { createPriority } from '../priority'
import { replaceFile } from '../replace-file'
import { systemClock } from '../sense/clock'
import { renderSense, SNAP_LENGTH } from '../sense/ruleset'
import { openTap, type TappedPacket } from '../sense/tap'
import { AGENT_VERSION } from '../version'
import { createGuard, type Guard } from './guard'
import { createIncidentStore } from './incident-store'
import { createResponse } from './response'
import { writeStatus } from './status-file'
import { createToldStore } from './told-store'
import { createVitals } from './vitals'

const RING_SECONDS = 30
const RING_BYTES_MAX = 4 * 1024 * 1024
const STATUS_EAGER_SECONDS = 60
const STATUS_PEACE_SECONDS = 10
const BASELINE_KEEP_SECONDS = 300
/** So long after an incident its bundle is written. */
const COLLECT_SECONDS = 5
/** Counting the verified set walks it: often while it fills, seldom later, and more seldom where it is large. */
const VERIFIED_COUNT_SECONDS = { early: 5, late: 60, large: 300, earlyUntil: 60 }

/** Protects this node until it is told to stop. Everything is built here, in the order of a packet's way. */
export async function run(options: RunOptions): Promise<void> {
  const config = loadConfig(options)
  const { names, paths } = config
  process.title = names.processTitle
  const log = createLog(names.command, config.logLevel)
  const key = loadKey(paths.key)
  const cap = loadCap()
  warmUp()

  const clock = systemClock
  const disk = createDisk(log)
  const ledger = openLedger(join(paths.stateDir, 'ledger.jsonl'), disk)
  const foreign = loadForeignFunctions()
  const collectGarbage = createCollector(foreign)
  const nft = openKernel(foreign, names.command)
  const ring = createRing({ seconds: RING_SECONDS, bytesMax: RING_BYTES_MAX, snapLength: SNAP_LENGTH })
  const evidence = createEvidence({
    stateDir: paths.stateDir,
    nodeId: config.nodeId,
    key,
    toolName: names.command,
    toolVersion: AGENT_VERSION,
    interfaceName: config.interfaceName,
    captureFilter: managementFilter(config.gatewayUrl),
    log,
  })
  const link = createLink({
    config,
    key,
    log,
    onPolicy: (policy) => {
      policies.keep(policy)
      return guard.setPolicy(policy)
    },
    onSchedule: (schedule) => {
      schedules.keep(schedule)
      guard.setSchedule(schedule)
    },
    onWatch: (on) => guard.setWatched(on),
    hello: () => hello(guard),
    health: createVitals(disk),
  })
  const taps: ((packet: TappedPacket) => void)[] = []
  const tap = openTap(cap, (packet) => taps[0]?.(packet), clock.micros)
  const policies = createToldStore('policy', join(paths.stateDir, 'policy.json'), Policy, disk)
  const schedules = createToldStore('schedule', join(paths.stateDir, 'schedule.json'), Schedule, disk)
  const policy = policies.read()
  const cutter = createCutter({
    nft,
    names: names.tables,
    ledger,
    nowUs: clock.micros,
    group: tap.group,
    friends: policy?.friends,
  })
  const store = createIncidentStore(join(paths.stateDir, 'incident.json'), disk)
  const priority = createPriority(foreign, log)
  const response = createResponse({ cutter, clock, evidence, keep: store.keep, link, log, priority, ring })
  const schedule = schedules.read()
  const initial = {
    ...initialState(readBaseline(paths.stateDir) ?? undefined),
    ...(policy ? { policy } : {}),
    ...(schedule ? { schedule } : {}),
  }
  const startedAtMs = Date.now()
  let seconds = 0
  let verified = 0
  let collectAt: number | null = null
  const guard: Guard = createGuard(
    { names: names.tables, nft, cutter, response, clock, log, group: tap.group, ring, link, onSeconds },
    initial,
  )
  taps.push(guard.tapped)

  function onSeconds(passed: number): void {
    seconds += passed
    const isTimeFor = (everySeconds: number): boolean => seconds % everySeconds < passed
    if (isTimeFor(verifiedEvery()) && !response.live) void recountVerified()
    if (isTimeFor(BASELINE_KEEP_SECONDS)) keepBaseline(paths.stateDir, guard.judge.baseline, disk)
    if (response.live) collectAt = seconds + COLLECT_SECONDS
    else if (collectAt !== null && seconds >= collectAt) {
      collectAt = null
      collectGarbage()
    }
    // Replacing a file costs a millisecond: in peace nobody needs it each second.
    if (!response.live && seconds > STATUS_EAGER_SECONDS && !isTimeFor(STATUS_PEACE_SECONDS)) return
    const linked = link.status()
    const state = { full: linked.diskFull, refused: disk.refused }
    disk.attempt('status', () =>
      writeStatus(paths.status, {
        pid: process.pid,
        startedAtMs,
        level: 'nftables',
        link: linked,
        disk: state,
        ...guard.status(),
      }),
    )
  }

  function verifiedEvery(): number {
    const { early, earlyUntil, large, late } = VERIFIED_COUNT_SECONDS
    if (verified > LISTED_HOT_MAX) return large
    return seconds < earlyUntil ? early : late
  }

  async function recountVerified(): Promise<void> {
    try {
      verified = await countVerified(nft, names.tables.verified, verified)
      guard.setVerifiedClients(verified)
    } catch (error) {
      log.warn(`Verified clients could not be counted, their table is built anew: ${errorText(error)}`)
      await guard.relearn()
    }
  }

  try {
    nft.run(renderSense(names.tables, tap.group, initial.tripwires))
    await guard.start(store.read())
  } catch (error) {
    throw kernelRefused(error, names.command)
  }
  priority.raise()
  for (const { incidentId, path, sha256, bytes, signed } of await evidence.recover()) {
    link.push({ type: 'evidence', incidentId, bundle: { sha256, bytes }, signed })
    link.uploadBundle({ path, sha256 })
  }
  link.start()
  log.info({ group: tap.group, interface: config.interfaceName }, 'armed')
  collectGarbage()
  releaseStartupPages(foreign)
  calmCompiler()

  await stopAsked()
  await guard.stop()
  keepBaseline(paths.stateDir, guard.judge.baseline, disk)
  if (!response.live) await cutter.clear().catch((error) => log.error(errorText(error)))
  await link.stop()
  nft.close()
  ledger.close()
  // The tap has no end of its own.
  process.exit(0)
}

function openKernel(foreign: ForeignFunctions, command: string): Nft {
  try {
    return openNft(foreign)
  } catch (error) {
    throw kernelRefused(error, command)
  }
}

const kernelRefused = (error: unknown, command: string): unknown =>
  error instanceof NftError
    ? new AgentError('kernel_refused', `${error.message} Run "${command} doctor": it says what is missing.`)
    : error

function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
}

function hello(guard: Guard) {
  const { services } = guard.status()
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((one) => !one.internal && !one.address.startsWith('fe80:'))
    .map((one) => one.address)
  return {
    agentVersion: AGENT_VERSION,
    hostname: hostname(),
    kernel: release(),
    level: 'nftables' as const,
    servicePorts: [
      ...services.udp.map((port) => ({ protocol: 'udp' as const, port })),
      ...services.tcp.map((port) => ({ protocol: 'tcp' as const, port })),
    ].slice(0, 256),
    addresses: addresses.slice(0, 64),
  }
}

const BASELINE_FILE = 'baseline.json'

function readBaseline(stateDir: string): Baseline | null {
  try {
    return JSON.parse(readFileSync(join(stateDir, BASELINE_FILE), 'utf8')) as Baseline
  } catch {
    return null
  }
}

const keepBaseline = (stateDir: string, baseline: Baseline, disk: Disk): void =>
  disk.attempt('baseline', () => replaceFile(join(stateDir, BASELINE_FILE), JSON.stringify(baseline)))
