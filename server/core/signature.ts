import { createPublicKey, verify } from 'node:crypto'

/** True when `signature` (base64url) over `statement` was made with the raw Ed25519 key (base64url). */
export function isSigned(statement: string, signature: string, publicKey: string): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' })
    return verify(null, Buffer.from(statement), key, Buffer.from(signature, 'base64url'))
  } catch {
    return false
  }
}
