import { join } from 'node:path'
import { execa } from 'execa'
import { LabChild } from '../lab/child'
import { pass } from '../lab/clock'
import { readCounters } from '../lab/counters'
import { ATTACKED, type Stand } from '../lab/stand'
import type { Rest } from './figures'
import type { SteadyEvent } from './steady-players'
import { corePercent } from './usage'

/** What the agent and its children take from one core while nothing happens, and while only players do. */

const WARM_UP_MS = 60_000
const SPAN_MS = 60_000
/** What a new agent does once is over by then: its tripwires follow the rate, and it knows the headers of peace. */
const PLAYERS_SETTLE_MS = 110_000
const PLAYERS_PPS = 2_000

export async function measureRest(stand: Stand, agentPid: number): Promise<Rest> {
  const { sayTo } = stand
  await signalPlayers(stand, 'SIGSTOP')
  sayTo('at rest: no traffic; a minute to settle, a minute measured')
  await pass(WARM_UP_MS)
  const idleCpuPercent = await corePercent(agentPid, () => pass(SPAN_MS))
  sayTo(`at rest: ${idleCpuPercent.toFixed(3)} % of a core`)
  await signalPlayers(stand, 'SIGCONT')
  const own = await inPps(stand, 5_000)
  const more = LabChild.start<never, SteadyEvent>(
    stand.lab.id,
    'players',
    '../bench/steady-players',
    [ATTACKED, String(Math.max(1, Math.round(PLAYERS_PPS - own)))],
    { logFile: join(stand.folders.logs, 'steady-players.log') },
  )
  try {
    await more.next(20_000, 'ready')
    sayTo(`players: ${PLAYERS_PPS} packets/s; measured for a minute`)
    await pass(PLAYERS_SETTLE_MS)
    let playersPps = 0
    const playersCpuPercent = await corePercent(agentPid, async () => {
      playersPps = await inPps(stand, SPAN_MS)
    })
    sayTo(`players: ${playersCpuPercent.toFixed(3)} % of a core at ${Math.round(playersPps)} packets/s`)
    return { idleCpuPercent, playersCpuPercent, playersPps }
  } finally {
    more.process.kill()
  }
}

/** The players stand still as processes do: they keep their sockets, and send nothing. */
async function signalPlayers({ lab }: Stand, signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
  const { stdout } = await execa('ip', ['netns', 'pids', lab.namespace('players')])
  for (const pid of stdout.split('\n').filter(Boolean)) process.kill(Number(pid), signal)
}

/** Packets a second that arrive at the attacked server. */
async function inPps({ serverPid }: Stand, spanMs: number): Promise<number> {
  const before = readCounters(serverPid)
  await pass(spanMs)
  const after = readCounters(serverPid)
  return (after.wirePackets - before.wirePackets) / ((after.atUs - before.atUs) / 1e6)
}
