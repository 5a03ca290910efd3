import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pathsOf } from '../agent/config'
import { formatId } from '../server/core/ids'
import { incidentBody, type SimulatedKey, simulatedBundle, simulatedReport } from '../server/testing/agent-simulator'
import type { IncidentReport } from '../wire/incident'
import { nowUs, until } from './clock'
import { holdAt, type Place } from './outage-holds'
import type { OutageStand, Victim } from './outage-stand'

/** Where in the main job the victims die. */
export const STAGES = [
  'before the first packet',
  'rule stands, report not stored',
  'stored, alert not sent',
  'alert sent, no answer yet',
  'alert answered, answer not recorded',
  'evidence half uploaded',
  'withdrawn, end not stored',
  'end stored, not told',
] as const
export type OutageStage = (typeof STAGES)[number]

export type OutageCase = { stage: OutageStage; victims: readonly Victim[] }

export const caseName = ({ stage, victims }: OutageCase): string => `${victims.join(' and ')} · ${stage}`

/** A step of the main job, what stops it, and how to see that it stands there. */
type Stop = { reached: () => Promise<void>; release: () => Promise<void> }

const HELD_AT: Partial<Record<OutageStage, { step: 'open' | 'resolve'; place: Place }>> = {
  'rule stands, report not stored': { step: 'open', place: 'store' },
  'stored, alert not sent': { step: 'open', place: 'claim' },
  'alert answered, answer not recorded': { step: 'open', place: 'record' },
  'withdrawn, end not stored': { step: 'resolve', place: 'store' },
  'end stored, not told': { step: 'resolve', place: 'claim' },
}

const BUNDLE_BYTES = 3_000_000
const UPLOAD_HELD_AFTER_BYTES = 1_000_000
const PATIENCE_MS = 60_000

/** Runs the main job of one incident, kills the victims at the stage, brings them back and waits until all is told. */
export async function runOutage(stand: OutageStand, { stage, victims }: OutageCase): Promise<{ incidentId: string }> {
  const report = simulatedReport()
  const over = endOf(report)
  const strike = async (stop: Stop | null): Promise<void> => {
    await stop?.reached()
    const { pid } = stand.processes.gateway
    await Promise.all(victims.map((victim) => stand.processes[victim].kill()))
    await stop?.release()
    await Promise.all(victims.map((victim) => stand.processes[victim].start()))
    if (victims.includes('gateway')) await endLeasesOf(stand, pid)
  }
  const step = async (name: 'open' | 'resolve', act: () => void): Promise<void> => {
    const held = HELD_AT[stage]
    if (held?.step !== name) return act()
    const hold = await holdAt(stand.urls.DATABASE_URL, held.place)
    act()
    await strike(hold)
  }

  if (stage === 'before the first packet') await strike(null)
  const answers = stage === 'alert sent, no answer yet' ? holdAnswers(stand) : null
  await step('open', () => stand.node.order({ body: incidentBody(report) }))
  if (answers) await strike(answers)
  await untilTold(stand, report.id, ['opened'])
  await step('resolve', () => stand.node.order({ body: incidentBody(over, 'resolved') }))
  await untilTold(stand, report.id, ['opened', 'resolved'])
  const upload = stage === 'evidence half uploaded' ? stand.proxy.holdUpload(UPLOAD_HELD_AFTER_BYTES) : null
  const bundle = orderUpload(stand, report.id)
  if (upload) await strike({ reached: () => upload.reached, release: async () => upload.release() })
  await untilUploaded(stand, bundle)
  return { incidentId: report.id }
}

function endOf(report: IncidentReport): IncidentReport {
  const endUs = nowUs()
  const stages = { ...report.stages, endingUs: endUs, resolvedUs: endUs }
  const rules = report.rules.map((rule) => ({ ...rule, removedUs: endUs }))
  return { ...report, revision: report.revision + 1, state: 'resolved', stages, rules }
}

/** Lets the receiver take requests and answer them only when told. */
function holdAnswers({ sink }: OutageStand): Stop {
  const held: ServerResponse[] = []
  sink.answer((response) => held.push(response))
  return {
    reached: () =>
      until('the alert to be on the wire', () => (held.length > 0 ? true : null), {
        timeoutMs: 20_000,
        everyMs: 10,
      }).then(() => undefined),
    release: async () => {
      sink.answer((response) => response.end('ok'))
      for (const response of held) response.end('ok')
    },
  }
}

/** What a killed engine had claimed is claimed again when its lease is over: here at once, so that no case waits 20 s for it. */
async function endLeasesOf(stand: OutageStand, gatewayPid: number): Promise<void> {
  await stand.rows(
    "UPDATE outgoing_message SET locked_until = now() WHERE state = 'sending' AND locked_by LIKE '%:' || $1 || ':%'",
    [String(gatewayPid)],
  )
}

type Bundle = { incidentId: string; sha256: string; path: string }

/** The node's own key: the platform takes no manifest that another has signed. */
function keyOf({ stateDir }: OutageStand): SimulatedKey {
  const privateKey = createPrivateKey(readFileSync(pathsOf(stateDir).key))
  return { privateKey, publicKey: createPublicKey(privateKey).export({ format: 'jwk' }).x as string }
}

function orderUpload(stand: OutageStand, incidentId: string): Bundle {
  const { content, sha256, body } = simulatedBundle(
    incidentId,
    formatId('nd', stand.nodeUuid),
    keyOf(stand),
    BUNDLE_BYTES,
  )
  const folder = join(stand.stateDir, 'evidence/bundles')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${sha256}.tar`)
  writeFileSync(path, content)
  stand.node.order({ body })
  stand.node.order({ bundle: { path, sha256 } })
  return { incidentId, sha256, path }
}

async function untilTold(stand: OutageStand, incidentId: string, kinds: string[]): Promise<void> {
  await until(
    `messages ${kinds.join(', ')} to be recorded as sent`,
    async () => {
      const sent = await stand
        .rows<{ kind: string }>("SELECT kind FROM outgoing_message WHERE incident_id = $1 AND state = 'sent'", [
          incidentId,
        ])
        .catch(() => [])
      return kinds.every((kind) => sent.some((row) => row.kind === kind)) ? true : null
    },
    { timeoutMs: PATIENCE_MS },
  )
}

async function untilUploaded(stand: OutageStand, { sha256, path }: Bundle): Promise<void> {
  await until('the bundle to be uploaded and gone from the node', () => (existsSync(path) ? null : true), {
    timeoutMs: PATIENCE_MS,
  })
  const [row] = await stand.rows<{ state: string; stored_path: string }>(
    'SELECT state, stored_path FROM evidence WHERE sha256 = $1',
    [sha256],
  )
  if (row?.state !== 'uploaded') throw new Error(`the bundle is ${row?.state ?? 'unknown'} at the platform`)
  const stored = createHash('sha256').update(readFileSync(row.stored_path)).digest('hex')
  if (stored !== sha256) throw new Error(`the platform stored ${stored} instead of ${sha256}`)
}
