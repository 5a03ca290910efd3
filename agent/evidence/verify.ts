import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { EvidenceFile, EvidenceManifest, SignedManifest } from '../../wire/evidence'
import { AgentError, errorText } from '../errors'
import { MANIFEST_NAME } from './bundle'
import { decodeManifest, isSignedBy } from './manifest'
import { readCapture } from './read-capture'
import { readTarHeader, TAR_BLOCK_BYTES, TAR_END, tarPadding } from './tar'

export type Check = { name: string; ok: boolean; detail: string }

export type Verification = {
  ok: boolean
  /** Hash of the whole bundle: its address on the platform. */
  sha256: string
  checks: Check[]
  manifest: EvidenceManifest | null
}

type Archive = { entries: Map<string, Buffer>; names: string[]; fault: string | null }

/** Splits an archive; anything but exactly what the recorder writes is a fault. */
function readArchive(bytes: Buffer): Archive {
  const archive: Archive = { entries: new Map(), names: [], fault: null }
  const stop = (fault: string): Archive => ({ ...archive, fault })
  let at = 0
  while (!bytes.subarray(at).equals(TAR_END)) {
    const header = bytes.subarray(at, at + TAR_BLOCK_BYTES)
    const entry = header.length === TAR_BLOCK_BYTES ? readTarHeader(header) : null
    if (!entry) return stop(`byte ${at} is no header as the recorder writes it, nor the end`)
    const from = at + TAR_BLOCK_BYTES
    const end = from + entry.bytes
    at = end + tarPadding(entry.bytes)
    if (at > bytes.length) return stop(`${entry.name} is cut off`)
    if (bytes.subarray(end, at).some((byte) => byte !== 0)) return stop(`the padding behind ${entry.name} is not empty`)
    if (archive.entries.has(entry.name)) return stop(`${entry.name} appears twice`)
    archive.entries.set(entry.name, bytes.subarray(from, end))
    archive.names.push(entry.name)
  }
  return archive
}

/** Checks a bundle held in memory. Without `publicKey` it proves integrity, not which node it comes from. */
export function verifyBundleBytes(bytes: Buffer, { publicKey }: { publicKey?: string } = {}): Verification {
  const archive = readArchive(bytes)
  const checks: Check[] = [check('archive', archive.fault, `${archive.names.length} entries, as written`)]
  const manifestBytes = archive.entries.get(MANIFEST_NAME)
  const decoded = manifestBytes ? decodeManifest(manifestBytes) : 'it is missing'
  const fault = typeof decoded === 'string' ? `the manifest cannot be used: ${decoded}` : null
  checks.push(check('manifest', fault, 'canonical and complete'))
  const signed = typeof decoded === 'string' ? null : decoded
  if (signed) {
    checks.push(...checkSignature(signed, publicKey), checkNames(signed, archive))
    for (const file of signed.manifest.files) checks.push(...checkFile(file, archive.entries.get(file.name)))
    checks.push(checkOnset(signed.manifest, archive))
  }
  return {
    ok: checks.every(({ ok }) => ok),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    checks,
    manifest: signed?.manifest ?? null,
  }
}

/** @throws AgentError when the file cannot be read at all. */
export async function verifyBundle(path: string, options: { publicKey?: string } = {}): Promise<Verification> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (error) {
    throw new AgentError('no_bundle', `The bundle cannot be read: ${errorText(error)}.`)
  }
  return verifyBundleBytes(bytes, options)
}

const check = (name: string, fault: string | null, detail: string): Check =>
  fault === null ? { name, ok: true, detail } : { name, ok: false, detail: fault }

function checkSignature(signed: SignedManifest, publicKey: string | undefined): Check[] {
  const { publicKey: own } = signed.manifest
  const isSigned = isSignedBy(signed, own)
  const checks = [check('signature', isSigned ? null : 'the signature does not fit the manifest', `by key ${own}`)]
  if (publicKey !== undefined) {
    const fault = publicKey === own ? null : `signed by key ${own}, not by ${publicKey}`
    checks.push(check('origin', fault, 'signed by the given key'))
  }
  return checks
}

function checkNames({ manifest }: SignedManifest, { names }: Archive): Check {
  const wanted = [MANIFEST_NAME, ...manifest.files.map(({ name }) => name)]
  const isSame = wanted.length === names.length && wanted.every((name, i) => names[i] === name)
  return check(
    'files',
    isSame ? null : `expected ${wanted.join(', ')}; found ${names.join(', ')}`,
    'all there, in order',
  )
}

function checkFile(file: EvidenceFile, bytes: Buffer | undefined): Check[] {
  if (!bytes) return [check(`${file.name}: hash`, 'the file is missing', '')]
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const isSame = sha256 === file.sha256 && bytes.length === file.bytes
  return [
    check(`${file.name}: hash`, isSame ? null : `its bytes hash to ${sha256}, not to ${file.sha256}`, sha256),
    check(`${file.name}: packets`, packetFault(file, bytes), `${file.packets} packets`),
  ]
}

function packetFault(file: EvidenceFile, bytes: Buffer): string | null {
  try {
    const { packets, truncated } = readCapture(bytes)
    const first = packets[0]?.atUs ?? null
    const last = packets.at(-1)?.atUs ?? null
    if (truncated) return 'it ends inside a packet'
    if (packets.length !== file.packets) return `it holds ${packets.length} packets, not ${file.packets}`
    if (first !== file.firstPacketUs || last !== file.lastPacketUs) return 'its time stamps differ from the manifest'
    return null
  } catch (error) {
    return errorText(error)
  }
}

function checkOnset(manifest: EvidenceManifest, archive: Archive): Check {
  let before = 0
  for (const { name, source } of manifest.files) {
    const bytes = archive.entries.get(name)
    if (source !== 'ring' || !bytes) continue
    try {
      before += readCapture(bytes).packets.filter(({ atUs }) => atUs < manifest.onsetUs).length
    } catch {
      // Said by the check of the file itself.
    }
  }
  const fault = before === manifest.packetsBeforeOnset ? null : `${before}, not ${manifest.packetsBeforeOnset}`
  return check('packets before onset', fault, String(before))
}
