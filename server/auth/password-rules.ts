import { createHash } from 'node:crypto'
import commonPasswords from 'fxa-common-password-list'
import { ValidationError } from '../core/errors'

const LENGTH_MIN = 10
const LENGTH_MAX = 1_024
const ANSWER_MS_MAX = 1_500

type Given = {
  password: string
  /** What an attacker would try first: address, name, workspace. */
  about: readonly string[]
  /** Address of a range service as of Have I Been Pwned, to which five digits of a hash are sent; empty: none is asked. */
  rangeUrl: string
}

/**
 * Long enough, not guessable from what is known, in no list of common or leaked passwords (ASVS 6.2). A range service that does
 * not answer stops nobody.
 * @throws ValidationError that says what to choose instead
 */
export async function requireGoodPassword({ password, about, rangeUrl }: Given): Promise<void> {
  const refuse = (why: string): never => {
    throw new ValidationError(
      `${why} Choose another one, for example four words that belong together only to you.`,
      'password',
    )
  }
  if (password.length < LENGTH_MIN) refuse(`A password has at least ${LENGTH_MIN} characters.`)
  if (password.length > LENGTH_MAX) refuse(`A password has at most ${LENGTH_MAX} characters.`)
  const plain = password.toLowerCase()
  const known = about.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length >= 4)
  if (known.some((word) => plain.replaceAll(word, '').length < LENGTH_MIN / 2))
    refuse('This password says little more than who you are.')
  if (new Set(plain).size < 5) refuse('This password repeats a few characters.')
  if (commonPasswords.test(plain)) refuse('This password is one of the most common ones.')
  if (rangeUrl !== '' && (await isLeaked(password, rangeUrl)))
    refuse('This password was leaked before, elsewhere, and is being tried.')
}

/** Range search with k-anonymity (haveibeenpwned.com/API/v3#SearchingPwnedPasswordsByRange): only a prefix leaves us. */
async function isLeaked(password: string, rangeUrl: string): Promise<boolean> {
  const hash = createHash('sha1').update(password).digest('hex').toUpperCase()
  const url = new URL(hash.slice(0, 5), rangeUrl.endsWith('/') ? rangeUrl : `${rangeUrl}/`)
  try {
    const reply = await fetch(url, { headers: { 'Add-Padding': 'true' }, signal: AbortSignal.timeout(ANSWER_MS_MAX) })
    if (!reply.ok) return false
    const line = (await reply.text()).split(/\r?\n/).find((one) => one.startsWith(`${hash.slice(5)}:`))
    // Padding lines say that they were seen zero times.
    return line !== undefined && Number(line.split(':')[1]) > 0
  } catch {
    return false
  }
}
