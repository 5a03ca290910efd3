import { readFileSync } from 'node:fs'
import { execa } from 'execa'
import { nowUs } from './clock'
import { floodCommand } from './flood-command'
import { assertInsideLab } from './run-file'

/**
 * Child process inside the attacker's namespace. Fires one bounded flood for each `fire` message;
 * the namespace is checked at every shot, the packets are counted out and the time is limited from outside trafgen.
 */

export type Fire = { type: 'fire'; config: string; pps: number; seconds: number; shuffled?: boolean; paced?: boolean }
export type GeneratorEvent =
  | { type: 'ready' }
  | { type: 'fired'; startedUs: number }
  | { type: 'spent'; endedUs: number; packets: number; cpuSeconds: number; wallSeconds: number }
  | { type: 'failed'; message: string }

/** CPU time of ended children: trafgen's own and, as it sends in its context, the kernel's way of the flood. */
function childrenCpuSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[13]) + Number(fields[14])) / 100
}

async function fire(order: Fire): Promise<GeneratorEvent> {
  assertInsideLab('attacker')
  const [command, args] = floodCommand(order)
  const before = childrenCpuSeconds()
  const startedUs = nowUs()
  const child = execa(command, args, { input: order.config, reject: false })
  process.send?.({ type: 'fired', startedUs } satisfies GeneratorEvent)
  const { stdout, stderr, exitCode, timedOut } = await child
  const endedUs = nowUs()
  const packets = Number(/(\d+) packets outgoing/.exec(`${stdout}`)?.[1] ?? 0)
  if (packets === 0 || timedOut)
    return { type: 'failed', message: `trafgen ended with ${exitCode}: ${stderr || stdout}` }
  const cpuSeconds = childrenCpuSeconds() - before
  return { type: 'spent', endedUs, packets, cpuSeconds, wallSeconds: (endedUs - startedUs) / 1e6 }
}

if (process.send) {
  process.on('disconnect', () => process.exit(0))
  process.on('message', (order: Fire) => {
    fire(order)
      .catch((error: Error): GeneratorEvent => ({ type: 'failed', message: error.message }))
      .then((event) => process.send?.(event))
      .catch(() => process.exit(1))
  })
  try {
    assertInsideLab('attacker')
    process.send({ type: 'ready' } satisfies GeneratorEvent)
  } catch (error) {
    process.send({ type: 'failed', message: (error as Error).message } satisfies GeneratorEvent)
    process.exitCode = 1
    process.disconnect()
  }
}
