export const PACKETS_MAX = 6_000_000
export const SECONDS_MAX = 60

export type FloodOrder = { pps: number; seconds: number; shuffled?: boolean; paced?: boolean }

/**
 * trafgen, counted out in packets and limited in time from outside itself. Reads its packets from standard input.
 * Not `paced`, the same number of packets goes as fast as its core lets it.
 */
export function floodCommand({ pps, seconds, shuffled = false, paced = true }: FloodOrder): [string, string[]] {
  const packets = Math.round(pps * seconds)
  if (!(packets > 0 && packets <= PACKETS_MAX))
    throw new Error(`a flood has 1 to ${PACKETS_MAX} packets, not ${packets}`)
  if (!(seconds > 0 && seconds <= SECONDS_MAX))
    throw new Error(`a flood lasts at most ${SECONDS_MAX} s, not ${seconds}`)
  const limit = Math.ceil(seconds * 1.5 + 2)
  const trafgen = [
    '-o',
    'wan0',
    '-i',
    '-',
    '-n',
    String(packets),
    ...(paced ? ['-b', `${pps}pps`] : []),
    ...(shuffled ? ['--rand'] : []),
    '-P',
    '1',
    '--no-sock-mem',
    '--notouch-irq',
  ]
  return ['timeout', ['--kill-after=1', String(limit), 'trafgen', ...trafgen]]
}
