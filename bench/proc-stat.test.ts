import { expect, test } from 'vitest'
import { parseKilobytes, parseSchedstat, parseStat, treeOf } from './proc-stat'

const stat = (pid: number, name: string, parent: number, dead = '0 0'): string =>
  `${pid} (${name}) S ${parent} 1 1 0 -1 4194560 100 0 0 0 7 8 ${dead} 20 0 1 0 4242 1000 200 18446744073709551615`

test('a process is read whatever its name holds, with the time of the children it has buried', () => {
  expect(parseStat(stat(41, 'a) S 9 (b', 7, '12 30'))).toEqual({
    pid: 41,
    parent: 7,
    name: 'a) S 9 (b',
    deadChildrenUs: 420_000,
  })
})

test('a tree holds the process, its children and theirs, and nobody else', () => {
  const all = [stat(1, 'init', 0), stat(5, 'agent', 1), stat(6, 'nft', 5), stat(7, 'timeout', 5), stat(8, 'tcpdump', 7)]
  const lines = [...all, stat(9, 'other', 1)].map(parseStat)
  expect(treeOf(5, lines).map(({ name }) => name)).toEqual(['agent', 'nft', 'timeout', 'tcpdump'])
  expect(treeOf(404, lines)).toEqual([])
})

test('time on a core and memory are read from their own lines', () => {
  expect(parseSchedstat('2500000 17 3\n')).toBe(2_500)
  expect(parseKilobytes('VmPeak:\t  9 kB\nVmRSS:\t   72404 kB\n', 'VmRSS')).toBe(72_404)
  expect(parseKilobytes('Rss:  10 kB\nPss:                1234 kB\nPss_Dirty:  7 kB\n', 'Pss')).toBe(1_234)
  expect(parseKilobytes('State: Z (zombie)\n', 'VmRSS')).toBe(0)
})
