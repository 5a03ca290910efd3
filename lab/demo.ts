import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runScenario } from './demo-run'
import { DRILLS, type Drill } from './drill'
import { printResult } from './print'
import { shortcomings } from './promises'
import { combine, type RunResult } from './result'
import { isVariant, SCENARIOS, type Scenario, VARIANTS } from './scenarios'
import { closeStand, openStand, type Say, type Stand } from './stand'

const USAGE = `bin/demo [options]: a flood hits a match server in a lab of network namespaces, and the whole line runs for real.

  --scenario S     ${SCENARIOS.join(', ')} (default ${SCENARIOS[0]})
  --variant V      ${SCENARIOS.map((scenario) => `${VARIANTS[scenario].join('|')} of ${scenario}`).join('; ')}
  --runs N         floods one after another in one lab; stages become p50, p95, p99, max, n
  --seconds N      length of each flood (default 8, at most 40); of a surge, how long it stays
  --json           one JSON object on standard output; progress goes to standard error
  --keep           leave lab and platform standing until Ctrl-C, and say how to look at them
  --kill-agent     kill -9 the agent in mid-flood, prove that its rules end, then start it again
  --stop-gateway   fire while the gateway is stopped; it returns when the flood is over
`

type Options = {
  scenario: Scenario
  variant: string
  runs: number
  seconds: number
  json: boolean
  keep: boolean
  drill: Drill | null
}

class UsageError extends Error {}

function whole(text: string, name: string, max: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw new UsageError(`--${name} takes a whole number from 1 to ${max}`)
  return value
}

export function parseOptions(args: string[]): Options | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      scenario: { type: 'string', default: SCENARIOS[0] },
      variant: { type: 'string' },
      runs: { type: 'string', default: '1' },
      seconds: { type: 'string', default: '8' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      'kill-agent': { type: 'boolean', default: false },
      'stop-gateway': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const scenario = SCENARIOS.find((candidate) => candidate === values.scenario)
  if (!scenario) throw new UsageError(`there is no scenario ${values.scenario}; there are ${SCENARIOS.join(', ')}`)
  const variant = values.variant ?? VARIANTS[scenario][0]
  if (!isVariant(scenario, variant))
    throw new UsageError(`${scenario} has the variants ${VARIANTS[scenario].join(', ')}`)
  if (values['kill-agent'] && values['stop-gateway']) throw new UsageError('one drill at a time')
  const drill = DRILLS.find((candidate) => values[candidate]) ?? null
  if (drill && (scenario === 'surge' || scenario === 'pulse'))
    throw new UsageError(`a drill needs one flood, not ${scenario}`)
  return {
    scenario,
    variant,
    drill,
    runs: whole(values.runs, 'runs', 100),
    seconds: whole(values.seconds, 'seconds', 40),
    json: values.json,
    keep: values.keep,
  }
}

const started = performance.now()
const say: Say = (line) =>
  void process.stderr.write(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}\n`)

async function demo(options: Options): Promise<number> {
  const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
  const stand = await openStand(root, options.seconds, say)
  try {
    const results: RunResult[] = []
    for (let run = 1; run <= options.runs; run += 1) {
      if (options.runs > 1) say(`run ${run} of ${options.runs}`)
      const result = await runScenario(stand, options)
      results.push(result)
      for (const fault of faultsOf(result, options)) say(`FAILED: ${fault}`)
    }
    const combined = combine(results)
    process.stdout.write(options.json ? `${JSON.stringify(combined)}\n` : printResult(combined))
    if (options.keep) await keep(stand)
    return results.every((result) => faultsOf(result, options).length === 0) ? 0 : 1
  } finally {
    say('taking the lab down')
    await closeStand(stand)
  }
}

/** A killed agent cannot write its own incident to the end; that drill asks only for what must hold without it. */
function faultsOf(result: RunResult, { drill }: Options): string[] {
  if (drill !== 'kill-agent') {
    const repeated = drill === 'stop-gateway' && result.measured.alertsOpened !== 1
    return [...shortcomings(result), ...(repeated ? [`the alert went out ${result.measured.alertsOpened} times`] : [])]
  }
  return [
    ...(result.measured.drill?.dropsEndedMs == null ? ['the drops did not end by themselves'] : []),
    ...(result.rulesLeft > 0 ? [`${result.rulesLeft} rules are left after the agent started again`] : []),
  ]
}

async function keep({ lab, platform }: Stand): Promise<never> {
  const { owner, workspaceSlug } = platform.seed
  say(
    `kept. Pages: ip netns exec ${lab.namespace('platform')} chromium --no-sandbox ${new URL(`/${workspaceSlug}`, platform.statusPageUrl)}`,
  )
  say(
    `sign in as ${owner.email} with ${owner.password}; a match server: ip netns exec ${lab.namespace('match-01')} bash`,
  )
  say('Ctrl-C takes it down')
  return new Promise(() => {})
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2))
  if (options === 'help') {
    process.stdout.write(USAGE)
    return 0
  }
  for (const [name, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.once(name, () => {
      say(`${name}: taking the lab down`)
      process.exit(128 + number)
    })
  }
  return demo(options)
}

const isUsage = (error: Error): boolean =>
  error instanceof UsageError || String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(
      error instanceof UsageError ? `${error.message}\n\n${USAGE}` : `demo failed: ${error.message}\n`,
    )
    process.exit(isUsage(error) ? 2 : 1)
  },
)
