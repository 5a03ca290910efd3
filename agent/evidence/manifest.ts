import { canonicalJson } from '../../wire/canonical'
import { type EvidenceManifest, SignedManifest } from '../../wire/evidence'
import { readAs } from '../../wire/read'
import { type NodeKey, verifySignature } from '../identity'

export { canonicalJson }

export function signManifest(manifest: EvidenceManifest, key: NodeKey): SignedManifest {
  return { manifest, signature: key.sign(canonicalJson(manifest)) }
}

/** True when the manifest was signed by `publicKey` (raw, base64url). */
export const isSignedBy = ({ manifest, signature }: SignedManifest, publicKey: string): boolean =>
  verifySignature(publicKey, canonicalJson(manifest), signature)

export const encodeManifest = (signed: SignedManifest): Buffer => Buffer.from(canonicalJson(signed))

/** The manifest of these bytes, or a sentence that says what is wrong with them. Only canonical bytes are accepted. */
export function decodeManifest(bytes: Buffer): SignedManifest | string {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    return 'it is not JSON'
  }
  const parsed = readAs(SignedManifest, value)
  if (!parsed.success) return `its field ${parsed.error.issues[0]?.path.join('.') || '(root)'} is not valid`
  return encodeManifest(parsed.data).equals(bytes) ? parsed.data : 'it is not written canonically'
}
