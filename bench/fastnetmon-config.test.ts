import { expect, test } from 'vitest'
import { banScript, filesOf, parseBans, renderConfiguration } from './fastnetmon-config'

const KEYS = [
  'mirror_afpacket = off',
  'interfaces = eth3,eth4',
  '# threshold_pps is a limit',
  'threshold_pps = 20000',
  'threshold_tcp_pps = 100000',
  'disable_usage_report = off',
  'networks_list_path = /etc/networks_list',
  'white_list_path = /etc/networks_whitelist',
  'notify_script_path = /usr/local/bin/notify_about_attack.sh',
  'pid_path = /var/run/fastnetmon.pid',
  'cli_stats_file_path = /tmp/fastnetmon.dat',
  'cli_stats_ipv6_file_path = /tmp/fastnetmon_ipv6.dat',
  'enable_connection_tracking = on',
]
const folder = { directory: '/run/x', interfaceName: 'game0', networks: ['203.0.113.0/24'] }

test('the peer keeps its shipped settings but for interface, threshold, capture, paths, and the usage report that is off', () => {
  const lines = renderConfiguration(KEYS.join('\n'), folder).split('\n')
  expect(lines).toContain('disable_usage_report = on')
  expect(lines).toContain('mirror_afpacket = on')
  expect(lines).toContain('interfaces = game0')
  expect(lines).toContain('threshold_pps = 50000')
  expect(lines).toContain('# threshold_pps is a limit')
  expect(lines).toContain('threshold_tcp_pps = 100000')
  expect(lines).toContain('enable_connection_tracking = on')
  expect(lines).toHaveLength(KEYS.length)
})

test('a package that knows a key no more is refused, not measured with another setting', () => {
  const without = KEYS.filter((line) => !line.startsWith('disable_usage_report'))
  expect(() => renderConfiguration(without.join('\n'), folder)).toThrow('disable_usage_report')
})

test('bans are read from the script’s lines, to the microsecond', () => {
  expect(banScript(filesOf('/run/x').bans)).toContain('/run/x/bans.log')
  expect(parseBans('1700000000.123456 ban 203.0.113.11\nhalf a li')).toEqual([
    { atUs: 1_700_000_000_123_456, action: 'ban', address: '203.0.113.11' },
  ])
})
