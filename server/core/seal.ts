import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_CHARS_MIN = 32

/** A JSON value as it is kept at rest. `place` says where it is kept: moved elsewhere it does not open. */
export type Sealer = {
  seal: (value: unknown, place: string) => { sealed: string }
  open: (kept: unknown, place: string) => unknown
  /** How everything begins that the newest key sealed. */
  mark: string
}

/** Where a destination's settings are kept. */
export const settingsPlace = (workspaceId: string, destinationId: string): string => `${workspaceId}/${destinationId}`

/** What is kept cannot be read: another key, another place, or changed since. */
export class SealBroken extends Error {
  constructor() {
    super('This was sealed with another key, or changed since. Add the key it was sealed with to SETTINGS_KEY.')
    this.name = 'SealBroken'
  }
}

/**
 * AES-256-GCM under keys derived from `keys`, newest first: the newest seals, all open. What was kept in clear, before
 * there was a key, is given back as it is.
 */
export function createSealer(keys: readonly string[]): Sealer {
  const short = keys.length === 0 || keys.some((key) => key.length < KEY_CHARS_MIN)
  if (short) throw new Error(`SETTINGS_KEY needs at least ${KEY_CHARS_MIN} random characters a key.`)
  const derived = keys.map((key) => {
    const secret = Buffer.from(hkdfSync('sha256', key, '', 'settings at rest', 32))
    return { secret, mark: `v1.${createHash('sha256').update(secret).digest('hex').slice(0, 8)}.` }
  })
  const [newest] = derived as [(typeof derived)[0]]
  return {
    mark: newest.mark,
    seal: (value, place) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', newest.secret, nonce).setAAD(Buffer.from(place))
      const hidden = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()])
      const bytes = Buffer.concat([nonce, cipher.getAuthTag(), hidden])
      return { sealed: newest.mark + bytes.toString('base64url') }
    },
    open: (kept, place) => {
      const sealed = (kept as { sealed?: unknown } | null)?.sealed
      if (typeof sealed !== 'string') return kept
      const key = derived.find(({ mark }) => sealed.startsWith(mark))
      if (key === undefined) throw new SealBroken()
      return openWith(key.secret, Buffer.from(sealed.slice(key.mark.length), 'base64url'), place)
    },
  }
}

function openWith(secret: Buffer, bytes: Buffer, place: string): unknown {
  try {
    const nonce = bytes.subarray(0, NONCE_BYTES)
    const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
    const decipher = createDecipheriv('aes-256-gcm', secret, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(place)).setAuthTag(tag)
    const clear = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
    return JSON.parse(clear.toString('utf8'))
  } catch {
    throw new SealBroken()
  }
}
