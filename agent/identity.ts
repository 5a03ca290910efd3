import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { PROTOCOL_VERSIONS } from '../wire/limits'
import { type AgentAuth, authStatement } from '../wire/messages'
import { AgentError, errorText } from './errors'

/** The node's Ed25519 key. It is made on the node and never leaves it. */
export type NodeKey = {
  /** Raw public key, base64url. */
  publicKey: string
  /** Signature, base64url. */
  sign(data: string | Uint8Array): string
}

// DER of an Ed25519 public key up to the 32 raw bytes (RFC 8410).
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

const bytesOf = (data: string | Uint8Array): Buffer =>
  typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength)

function nodeKey(privateKey: KeyObject): NodeKey {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  return {
    publicKey: spki.subarray(SPKI_PREFIX.length).toString('base64url'),
    sign: (data) => Buffer.from(sign(null, bytesOf(data), privateKey)).toString('base64url'),
  }
}

/** @param publicKey raw, base64url. False for a key or signature that is malformed or not written canonically. */
export function verifySignature(publicKey: string, data: string | Uint8Array, signature: string): boolean {
  const raw = Buffer.from(publicKey, 'base64url')
  const bytes = Buffer.from(signature, 'base64url')
  // Spare bits of the last base64url digit decode to nothing: only the canonical spelling counts.
  if (raw.length !== 32 || raw.toString('base64url') !== publicKey) return false
  if (bytes.length !== 64 || bytes.toString('base64url') !== signature) return false
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' })
  return verify(null, bytesOf(data), key, bytes)
}

export const createEphemeralKey = (): NodeKey => nodeKey(generateKeyPairSync('ed25519').privateKey)

/** The key in this file; made there (mode 0600, synced) when there is none. */
export function loadOrCreateKey(path: string): NodeKey {
  if (existsSync(path)) return loadKey(path)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const { privateKey } = generateKeyPairSync('ed25519')
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return nodeKey(privateKey)
}

export function loadKey(path: string): NodeKey {
  let pem: string
  try {
    pem = readFileSync(path, 'utf8')
  } catch (error) {
    throw new AgentError('no_key', `The node's key ${path} cannot be read: ${errorText(error)}. Enrol the node again.`)
  }
  if (statSync(path).mode & 0o077)
    throw new AgentError('key_exposed', `The node's key ${path} is open to others. Run "chmod 600 ${path}".`)
  try {
    return nodeKey(createPrivateKey(pem))
  } catch (error) {
    throw new AgentError('bad_key', `The node's key ${path} is damaged: ${errorText(error)}. Enrol the node again.`)
  }
}

/** Signed proof of identity for one purpose, see `authStatement` in the wire contract. */
export function signAuth(key: NodeKey, nodeId: string, purpose: string, atMs: number): AgentAuth {
  const claim = { nodeId, atMs, nonce: randomBytes(16).toString('base64url') }
  return { versions: [...PROTOCOL_VERSIONS], ...claim, signature: key.sign(authStatement(purpose, claim)) }
}

/** Value of the Authorization header of an upload. */
export const authorizationHeader = (auth: AgentAuth): string =>
  `Agent ${Buffer.from(JSON.stringify(auth)).toString('base64url')}`
