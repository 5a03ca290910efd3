import { expect, test } from 'vitest'
import { hashPassword, verifyPassword } from './password'

test('only the right password belongs to a hash', async () => {
  const hash = await hashPassword('pier-lantern-ferry')
  expect(await verifyPassword('pier-lantern-ferry', hash)).toBe(true)
  expect(await verifyPassword('pier-lantern-ferrY', hash)).toBe(false)
  expect(await hashPassword('pier-lantern-ferry')).not.toBe(hash)
})

test('an unknown account and a broken hash are refused, not thrown', async () => {
  expect(await verifyPassword('anything', null)).toBe(false)
  expect(await verifyPassword('anything', 'plain$anything')).toBe(false)
})
