import { createHash, randomInt } from 'node:crypto'
import { deriveFromRandom } from '../password'

const COUNT = 10
const LENGTH = 10
/** Without what is mistaken for another: no i, l, o, u, 0, 1. */
const LETTERS = '23456789abcdefghjkmnpqrstvwxyz'

/** Ten codes of 49 random bits, `xxxxx-xxxxx`. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: COUNT }, () => {
    const letters = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')
    return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`
  })

/** As it was typed, without what people put between; null when it cannot be one. */
export function plainRecoveryCode(typed: string): string | null {
  const plain = typed.replace(/[\s-]/g, '').toLowerCase()
  return plain.length === LENGTH && [...plain].every((letter) => LETTERS.includes(letter)) ? plain : null
}

/**
 * Too few bits for a plain hash (ASVS 6.5.2), so each guess has its price. The account is the salt: ten codes are looked up by one
 * hash.
 */
export async function hashRecoveryCode(userId: string, code: string): Promise<string> {
  const salt = createHash('sha256').update(`recovery code of ${userId}`).digest()
  return (await deriveFromRandom(code.replaceAll('-', ''), salt)).toString('base64url')
}
