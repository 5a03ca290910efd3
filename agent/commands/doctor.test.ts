import { describe, expect, it } from 'vitest'
import { judgeClock, missingCapabilities } from './doctor'
import { findMarkUsers } from './doctor-kernel'

const BIT = 0x1000_0000

describe('doctor', () => {
  it('names the capabilities that are missing', () => {
    expect(missingCapabilities(0x1ffffffffffn)).toEqual([])
    expect(missingCapabilities(1n << 12n)).toEqual(['CAP_NET_RAW'])
    expect(missingCapabilities(0n)).toEqual(['CAP_NET_ADMIN', 'CAP_NET_RAW'])
  })

  it('finds who else uses the mark bit, in tables and in policy routing, and leaves our own tables out', () => {
    const ruleset = (table: string, mark: string) =>
      `table inet ${table} {\n\tchain a {\n\t\tmeta mark set meta mark | ${mark}\n\t}\n}\n`
    expect(findMarkUsers(BIT, ruleset('vpn', '0x10000000'), '', ['tidegate_cut'])).toEqual(['table inet vpn'])
    expect(findMarkUsers(BIT, ruleset('vpn', '0x00080000'), '', [])).toEqual([])
    expect(findMarkUsers(BIT, ruleset('tidegate_cut', '0x10000000'), '', ['tidegate_cut'])).toEqual([])
    expect(findMarkUsers(BIT, '', '5210: from all fwmark 0x80000/0xff0000 lookup main', [])).toEqual([])
    expect(findMarkUsers(BIT, '', '5210: from all fwmark 0x10000000/0xf0000000 lookup 52', [])).toHaveLength(1)
  })

  it('fails a clock that the platform would refuse and warns of one that spoils evidence', () => {
    expect(judgeClock(400).state).toBe('ok')
    expect(judgeClock(-9_000).state).toBe('warn')
    expect(judgeClock(121_000).state).toBe('fail')
    expect(judgeClock(Number.NaN).state).toBe('warn')
  })
})
