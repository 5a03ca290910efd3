import { describe, expect, it } from 'vitest'
import { AgentAuth, AgentHealth, EnrolRequest, HeldPolicy, Hello, Policy, Push, Schedule } from './messages'
import { readAs } from './read'

/** Has a length that compares with nothing: what JSON can bring, and zod's own length checks throw on. */
const HOSTILE = { length: JSON.parse('{"valueOf":1,"toString":2}') }

type Json = null | string | number | boolean | Json[] | { [key: string]: Json }

describe('readAs', () => {
  it.each([
    ['AgentAuth', AgentAuth, ['nodeId', 'nonce', 'signature', 'versions']],
    ['EnrolRequest', EnrolRequest, ['token', 'publicKey', 'hostname']],
    ['Hello', Hello, ['hostname', 'os', 'interfaces']],
    ['Push', Push, ['body', 'lane']],
    ['HeldPolicy', HeldPolicy, ['id']],
    ['AgentHealth', AgentHealth, ['version']],
    ['Policy', Policy, ['friends', 'id']],
    ['Schedule', Schedule, ['windows']],
  ] as const)('takes a length that is no number for malformed and does not throw: %s', (_, shape, names) => {
    for (const name of names) expect(readAs(shape, { [name]: HOSTILE as Json }).success).toBe(false)
    expect(readAs(shape, HOSTILE).success).toBe(false)
  })

  it('says what stands where', () => {
    expect(readAs(Push, { lane: 'samples', seq: -1 }).error?.issues[0]?.path).toBeDefined()
  })
})
