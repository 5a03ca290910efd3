import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findEmbedded } from '../../server/db/embedded'
import { pass } from '../clock'
import { runFlood } from '../flood-run'
import { GATEWAY, platformPid, WEB } from '../outage-floods'
import { ATTACKED, closeStand, openStand, type Stand } from '../stand'
import { NODE_NAMES } from '../topology'
import { rulesOn, slopePerHour, type Vitals, vitalsOf } from '../vitals'

/** Demo traffic with a flood every two minutes. What each process holds is read in quiet, before each flood. */

type Reading = { seconds: number; of: Record<string, Vitals>; rules: Record<string, number> }
type Row = { what: string; first: number; last: number; highest: number; slopePerHour: number }

const EVERY_SECONDS = 120
const FLOOD_SECONDS = 6
const SCENARIOS = ['udp-flood', 'dns-reflection', 'syn-flood'] as const
const VARIANT = { 'udp-flood': 'fixed', 'dns-reflection': 'any', 'syn-flood': 'bare' } as const

export async function soak(args: string[], say: (line: string) => void): Promise<number> {
  const { values } = parseArgs({ args, options: { minutes: { type: 'string', default: '60' } } })
  const minutes = Number(values.minutes)
  const stand = await openStand(join(import.meta.dirname, '../..'), 2, say, 'hour')
  try {
    const { readings, faults } = await watch(stand, minutes, say)
    const rows = rowsOf(readings)
    for (const row of rows) say(inWords(row))
    const figures = { minutes, floods: readings.length - 1, faults, rows }
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    return faults.length === 0 ? 0 : 1
  } finally {
    await closeStand(stand)
  }
}

async function watch(stand: Stand, minutes: number, say: (line: string) => void) {
  const readings: Reading[] = []
  const faults: string[] = []
  const startedMs = performance.now()
  const since = () => (performance.now() - startedMs) / 1_000
  for (let flood = 0; flood * EVERY_SECONDS < minutes * 60; flood += 1) {
    await pass((flood * EVERY_SECONDS - since()) * 1_000)
    readings.push(await read(stand, since()))
    const scenario = SCENARIOS[flood % SCENARIOS.length]!
    const order = { scenario, variant: VARIANT[scenario], seconds: FLOOD_SECONDS, drill: null }
    const result = await runFlood(stand, order)
    if (result.incidents !== 1) faults.push(`flood ${flood + 1} became ${result.incidents} incidents`)
    if (result.rulesLeft > 0) faults.push(`flood ${flood + 1} left ${result.rulesLeft} rules`)
    if (result.measured.alertsOpened !== 1)
      faults.push(`flood ${flood + 1} alerted ${result.measured.alertsOpened} times`)
    say(`flood ${flood + 1}: ${result.incident?.vectors.map(({ id }) => id).join(', ') ?? 'no incident'}`)
  }
  await pass((minutes * 60 - since()) * 1_000)
  readings.push(await read(stand, since()))
  return { readings, faults }
}

async function read(stand: Stand, seconds: number): Promise<Reading> {
  const agent = stand.agents.find(({ node }) => node === ATTACKED)!
  const pids = {
    agent: (await agent.status())?.pid as number,
    gateway: platformPid(stand, GATEWAY),
    web: platformPid(stand, WEB),
    database: (await findEmbedded(stand.folders.data))?.pid ?? 0,
  }
  const of = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, vitalsOf(pid)]))
  const rules: Record<string, number> = {}
  for (const node of NODE_NAMES) rules[node] = await rulesOn(stand.lab.id, node)
  return { seconds, of, rules }
}

function rowsOf(readings: readonly Reading[]): Row[] {
  const names = Object.keys(readings[0]?.of ?? {})
  const fields = ['memoryMb', 'handles', 'sockets', 'threads'] as const
  const series = (what: string, value: (reading: Reading) => number): Row => {
    const points = readings.map((reading) => ({ seconds: reading.seconds, value: value(reading) }))
    // The first minutes fill caches and pools: growth is judged behind them.
    const settled = points.slice(Math.floor(points.length / 4))
    return {
      what,
      first: points[0]!.value,
      last: points.at(-1)!.value,
      highest: Math.max(...points.map(({ value: one }) => one)),
      slopePerHour: Math.round(slopePerHour(settled) * 10) / 10,
    }
  }
  return [
    ...names.flatMap((name) => fields.map((field) => series(`${name} ${field}`, ({ of }) => of[name]![field]))),
    ...NODE_NAMES.map((node) => series(`rules on ${node}`, ({ rules }) => rules[node]!)),
  ]
}

const inWords = ({ what, first, last, highest, slopePerHour: slope }: Row): string =>
  `${what.padEnd(22)} first ${first}, last ${last}, highest ${highest}, ${slope >= 0 ? '+' : ''}${slope} an hour`
