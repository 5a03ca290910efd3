import type { AgentSimulator } from '../../server/testing/agent-simulator'
import { createEvidenceBundle } from '../../server/testing/evidence-bundle'

const SERVER = '203.0.113.10'
const PLAYERS = Array.from({ length: 22 }, (_, index) => `100.64.7.${index + 1}`)
/** Open resolvers of several countries, and how many of the recorded packets each sent. */
const REFLECTORS: [string, number][] = [
  ['1.1.1.1', 180],
  ['8.8.8.8', 150],
  ['9.9.9.9', 90],
  ['193.0.14.129', 60],
  ['77.88.8.8', 40],
  ['198.18.0.1', 12],
]

/** A bundle of a DNS reflection as its node announces it. */
export function createBundle(agent: AgentSimulator, incidentId: string, startMs: number) {
  const times = (from: string, count: number) => Array.from({ length: count }, () => ({ from, to: SERVER }))
  return createEvidenceBundle({
    incidentId,
    nodeId: agent.enrolment.nodeId,
    key: agent.key,
    onsetUs: Math.round(startMs * 1_000),
    before: PLAYERS.flatMap((player) => times(player, 4)),
    during: [
      ...REFLECTORS.flatMap(([from, count]) => times(from, count)),
      ...PLAYERS.flatMap((player) => [...times(player, 1), { from: SERVER, to: player }]),
    ],
  })
}

export async function upload(
  gatewayUrl: string,
  agent: AgentSimulator,
  bundle: ReturnType<typeof createBundle>,
): Promise<void> {
  const path = `/gateway/evidence/${bundle.sha256}`
  const headers = { authorization: agent.authorize(`PUT ${path}`), 'upload-offset': '0' }
  const reply = await fetch(gatewayUrl + path, { method: 'PUT', headers, body: new Uint8Array(bundle.content) })
  if (!reply.ok) throw new Error(`the upload was refused: ${reply.status} ${await reply.text()}`)
}
