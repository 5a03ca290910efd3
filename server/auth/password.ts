import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

const COST: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }
const KEY_BYTES = 32

const derive = (password: string, salt: Buffer, options: ScryptOptions, bytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, bytes, options, (error, key) => (error ? reject(error) : resolve(key)))
  })

/** For secrets of 49 random bits, which nobody chose: an eighth of the cost leaves guessing them out of reach. */
export const deriveFromRandom = (secret: string, salt: Buffer): Promise<Buffer> =>
  derive(secret, salt, { ...COST, N: 2 ** 12 }, KEY_BYTES)

/** `scrypt$N$r$p$salt$key`, base64url: the cost travels with the hash, so that it can rise later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, COST, KEY_BYTES)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

// Compared against when there is no account, so that both answers take equally long.
const nobody = hashPassword(randomBytes(16).toString('hex'))

/** True when the password belongs to the hash; `null` stands for an unknown account and is always false. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const [kind, n, r, p, salt, key] = (hash ?? (await nobody)).split('$')
  if (kind !== 'scrypt' || !salt || !key) return false
  const expected = Buffer.from(key, 'base64url')
  const options = { N: Number(n), r: Number(r), p: Number(p), maxmem: COST.maxmem }
  const given = await derive(password, Buffer.from(salt, 'base64url'), options, expected.length)
  return timingSafeEqual(given, expected) && hash !== null
}
