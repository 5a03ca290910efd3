import { createHash, randomBytes } from 'node:crypto'
import { type AgentSimulator, signManifest } from '../../server/testing/agent-simulator'
import type { EvidenceFile, EvidenceManifest } from '../../wire/evidence'
import type { PushBody } from '../../wire/messages'

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

const file = (
  part: Pick<EvidenceFile, 'name' | 'source' | 'packets' | 'samplingRate' | 'kernelDrops'>,
): EvidenceFile => ({
  ...part,
  sha256: hashOf(Buffer.from(part.name)),
  bytes: part.packets * 160,
  firstPacketUs: null,
  lastPacketUs: null,
  timestampResolution: 'us',
  snapLength: 160,
})

/** A bundle as the wire announces it; its content is noise, since the platform keeps bytes and never reads them. */
export function createBundle(agent: AgentSimulator, incidentId: string, startMs: number) {
  const content = randomBytes(5_212)
  const sha256 = hashOf(content)
  const manifest: EvidenceManifest = {
    format: 'evidence-manifest/1',
    incidentId,
    nodeId: agent.enrolment.nodeId,
    createdUs: Math.round(startMs * 1_000) + 45_000_000,
    onsetUs: Math.round(startMs * 1_000),
    files: [
      file({ name: 'ring.pcapng', source: 'ring', packets: 871, samplingRate: 8, kernelDrops: 0 }),
      file({ name: 'capture-000.pcapng', source: 'capture', packets: 19_541, samplingRate: 1, kernelDrops: 12 }),
    ],
    packetsBeforeOnset: 871,
    clock: { source: 'chrony', offsetUs: 42 },
    tool: { name: 'agent', version: '0.1.0' },
    publicKey: agent.key.publicKey,
  }
  const body: PushBody = {
    type: 'evidence',
    incidentId,
    bundle: { sha256, bytes: content.length },
    signed: signManifest(manifest, agent.key),
  }
  return { sha256, content, body }
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
