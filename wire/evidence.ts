import { z } from 'zod'
import { text, Uuid } from './parts'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** One capture file of a bundle, hashed while it was written. */
export const EvidenceFile = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,99}$/),
  sha256: Sha256,
  bytes: z.int().nonnegative(),
  packets: z.int().nonnegative(),
  source: z.enum(['ring', 'capture']),
  firstPacketUs: z.int().nonnegative().nullable(),
  lastPacketUs: z.int().nonnegative().nullable(),
  /** Resolution of the time stamps of this source. */
  timestampResolution: z.enum(['us', 'ns']),
  snapLength: z.int().positive(),
  /** One packet recorded out of this many seen; null where the rate varied (a tripwire's sample). */
  samplingRate: z.number().positive().nullable(),
  /** Packets the kernel could not hand over; null where the source cannot tell. */
  kernelDrops: z.int().nonnegative().nullable(),
})
export type EvidenceFile = z.infer<typeof EvidenceFile>

/** What the node signs. Canonical bytes: see canonical.ts. */
export const EvidenceManifest = z.object({
  format: z.literal('evidence-manifest/1'),
  incidentId: Uuid,
  nodeId: text(64),
  createdUs: z.int().nonnegative(),
  onsetUs: z.int().nonnegative(),
  files: z.array(EvidenceFile).min(1).max(64),
  packetsBeforeOnset: z.int().nonnegative(),
  clock: z.object({ source: text(64), offsetUs: z.number().nullable() }),
  tool: z.object({ name: text(64), version: text(32) }),
  publicKey: text(128),
})
export type EvidenceManifest = z.infer<typeof EvidenceManifest>

export const SignedManifest = z.object({ manifest: EvidenceManifest, signature: text(128) })
export type SignedManifest = z.infer<typeof SignedManifest>
