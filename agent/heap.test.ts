import { expect, test } from 'vitest'
import { pureFileMappings } from './heap'

const mapping = (range: string, rights: string, file: string, anonymousKb: number): string =>
  `${range} ${rights} 00000000 fe:00 260689                             ${file}\nSize:  16 kB\nRss:  16 kB\nAnonymous:  ${anonymousKb} kB\nVmFlags: rd mr\n`

test('only what holds nothing but the file’s own bytes is given back: no writable mapping, no relocated page, no other file', () => {
  const smaps = [
    mapping('00400000-00b6f000', 'r--p', '/usr/bin/node', 0),
    mapping('00b72000-025fe000', 'r-xp', '/usr/bin/node', 0),
    mapping('0563a000-0563e000', 'r--p', '/usr/bin/node', 8),
    mapping('0563e000-0565d000', 'rw-p', '/usr/bin/node', 0),
    mapping('7f0000000000-7f0000001000', 'r-xp', '/usr/lib/libc.so.6', 0),
    mapping('7f0000002000-7f0000003000', 'rw-p', '', 4),
  ].join('')
  expect(pureFileMappings(smaps, '/usr/bin/node')).toEqual([
    { from: 0x400000n, to: 0xb6f000n },
    { from: 0xb72000n, to: 0x25fe000n },
  ])
})
