import { describe, expect, it } from 'vitest'
import { BLOCKED_NETWORKS, createAddressGuard } from './address-guard'

const guard = createAddressGuard()

describe('address guard', () => {
  it.each(BLOCKED_NETWORKS)('refuses the first address of %s', (network) => {
    expect(guard.refuseAddress(network.split('/')[0] as string)).toContain('is not a public address')
  })

  it.each([
    '0.1.2.3',
    '10.255.255.255',
    '100.127.255.255',
    '127.255.255.254',
    '169.254.169.254',
    '172.31.255.255',
    '192.0.0.7',
    '192.0.2.255',
    '192.168.255.255',
    '198.19.255.255',
    '198.51.100.9',
    '203.0.113.9',
    '239.255.255.255',
    '255.255.255.255',
    '::1',
    '::',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001:0:1::1',
    '2001:db8:1::1',
    '2002:7f00:1::1',
    'fd00::1',
    'fe80::1',
    'febf::1',
    'ff02::1',
  ])('refuses %s', (address) => {
    expect(guard.refuseAddress(address)).not.toBeNull()
  })

  it.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.255.255',
    '172.32.0.1',
    '192.0.1.1',
    '198.17.255.255',
    '198.20.0.1',
    '223.255.255.255',
    '2606:4700::1',
    '2a00:1450::1',
  ])('lets %s pass', (address) => {
    expect(guard.refuseAddress(address)).toBeNull()
  })

  it('refuses what is no address at all', () => {
    expect(guard.refuseAddress('2130706433')).toContain('is not an IP address')
  })

  it.each([
    'localhost',
    'LOCALHOST.',
    'db.internal',
    'metadata.google.internal',
    'host.docker.internal',
    'x.localhost',
  ])('refuses to look up %s', (name) => {
    expect(guard.refuseName(name)).not.toBeNull()
  })

  it('looks up other names', () => {
    expect(guard.refuseName('hooks.league.example')).toBeNull()
  })

  it('excepts exactly the networks of its owner', () => {
    const owner = createAddressGuard(['203.0.113.0/28', '2001:db8:7::/64'])
    expect(owner.refuseAddress('203.0.113.15')).toBeNull()
    expect(owner.refuseAddress('203.0.113.16')).not.toBeNull()
    expect(owner.refuseAddress('2001:db8:7::1')).toBeNull()
    expect(owner.refuseAddress('2001:db8:8::1')).not.toBeNull()
  })

  it('refuses an exception that is not a network, saying how to write one', () => {
    expect(() => createAddressGuard(['lab'])).toThrow("'lab' is not an IP network. Write it like 192.0.2.0/24.")
  })
})
