import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig, loadLocalConfig, namesOf, parseDefaultRoute, parseFirstInterface } from './config'

let stateDir: string
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'agent-config-'))
})
afterEach(() => rmSync(stateDir, { recursive: true }))

const agentFile = {
  gatewayUrl: 'http://192.0.2.1:4700/',
  nodeId: 'node-1',
  workspaceId: 'ws-1',
  nodeName: 'match-01',
  workspaceName: 'League',
  brand: 'league',
  interface: 'eth7',
}
const enrol = (more: Record<string, unknown> = {}) =>
  writeFileSync(join(stateDir, 'agent.json'), JSON.stringify({ ...agentFile, ...more }))

describe('agent configuration', () => {
  it('derives every name on the node from the brand', () => {
    expect(JSON.stringify(namesOf('league'))).not.toContain('tidegate')
    expect(namesOf('league').tables).toEqual({ sense: 'league_sense', verified: 'league_verified', cut: 'league_cut' })
  })

  it('takes what enrolment wrote, and lets the command line overrule it', () => {
    enrol()
    expect(loadConfig({ stateDir })).toMatchObject({
      brand: 'league',
      gatewayUrl: 'http://192.0.2.1:4700',
      interfaceName: 'eth7',
    })
    expect(loadConfig({ stateDir, gateway: 'http://192.0.2.9:1', interface: 'veth0' })).toMatchObject({
      gatewayUrl: 'http://192.0.2.9:1',
      interfaceName: 'veth0',
    })
  })

  it('says how to enrol when the node is not enrolled', () => {
    expect(() => loadConfig({ stateDir, brand: 'league' })).toThrow(/league enroll --gateway URL --token TOKEN/)
  })

  it('names the field of a damaged file instead of going on with a default', () => {
    enrol({ gatewayUrl: 'ftp://x' })
    expect(() => loadConfig({ stateDir })).toThrow(/agent\.json, gatewayUrl is not usable/)
  })

  it('refuses a brand that could not be an nft name', () => {
    expect(() => loadLocalConfig({ stateDir, brand: 'a; flush ruleset' })).toThrow(/brand/)
  })
})

describe('interface detection', () => {
  const route = (lines: string[]) =>
    ['Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask', ...lines].join('\n')

  it('takes the default route with the lowest metric', () => {
    const lines = [
      'eth0\t00000000\t010011AC\t0003\t0\t0\t100\t00000000\t0\t0\t0',
      'eth1\t00000000\t010011AC\t0003\t0\t0\t50\t00000000\t0\t0\t0',
      'eth2\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0',
    ]
    expect(parseDefaultRoute(route(lines))).toBe('eth1')
    expect(parseDefaultRoute(route(lines.slice(2)))).toBeNull()
  })

  it('falls back to the first interface that is not loopback', () => {
    expect(parseFirstInterface('Inter-|\n face |bytes\n    lo: 1 2\n  veth3: 1 2\n')).toBe('veth3')
  })
})
