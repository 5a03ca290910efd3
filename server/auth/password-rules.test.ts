import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requireGoodPassword } from './password-rules'

const hashOf = (text: string): string => createHash('sha1').update(text).digest('hex').toUpperCase()
const LEAKED = 'tidal-lantern-77'
const asked: { path: string; padding: string | undefined }[] = []

// After the service's documentation: suffixes with counts, padded with suffixes seen zero times.
const range = createServer((request, response) => {
  asked.push({ path: request.url ?? '', padding: request.headers['add-padding']?.toString() })
  const suffix = hashOf(LEAKED).slice(5)
  const isIts = request.url === `/range/${hashOf(LEAKED).slice(0, 5)}`
  response.end(`${'0'.repeat(35)}:3\r\n${isIts ? `${suffix}:12` : `${hashOf('ferry-quay-mole').slice(5)}:0`}\r\n`)
})
let rangeUrl = ''
beforeAll(async () => {
  await new Promise<void>((done) => range.listen(0, '127.0.0.1', done))
  rangeUrl = `http://127.0.0.1:${(range.address() as AddressInfo).port}/range`
})
afterAll(() => range.close())

const check = (password: string, url = '') =>
  requireGoodPassword({ password, about: ['ada.lovelace@example.org', 'Spring Major'], rangeUrl: url })

test.each([
  ['short-one', 'at least 10 characters'],
  ['x'.repeat(1_025), 'at most'],
  ['aaaaaaaaaaaab', 'repeats a few'],
  ['qwertyuiop', 'most common'],
  ['Lovelace2026', 'who you are'],
])('refuses %j and says why', async (password, why) => {
  await expect(check(password)).rejects.toMatchObject({ code: 'validation', field: 'password' })
  await expect(check(password)).rejects.toThrow(why)
})

test.each(['pier-lantern-ferry', 'korrekt Pferd Batterie', '川の水門は十時に閉まる'])('takes %j', async (password) => {
  await expect(check(password)).resolves.toBeUndefined()
})

test('refuses what was leaked, and sends five digits of a hash alone', async () => {
  await expect(check(LEAKED, rangeUrl)).rejects.toThrow('leaked before')
  expect(asked.at(-1)).toEqual({ path: `/range/${hashOf(LEAKED).slice(0, 5)}`, padding: 'true' })
  await expect(check('ferry-quay-mole', rangeUrl)).resolves.toBeUndefined()
})

test('a range service that is away stops nobody', async () => {
  await expect(check('pier-lantern-ferry', 'http://127.0.0.1:9/range')).resolves.toBeUndefined()
})
