/** `npm run soak -- NAME [options]`: long proofs, each a file. What they found stands in docs/measured.md. */

/** A module that runs when it is loaded, or one that says what to run; it answers the exit code: 0 if everything held. */
type Soak = { soak?: (args: string[], say: (line: string) => void) => Promise<number> }

const SOAKS: Record<string, { says: string; run: () => Promise<Soak> }> = {
  bare: {
    says: 'bin/up on a bare Debian, killed at every stage, its line on a second one (root, 15 min)',
    run: () => import('./bare'),
  },
  wire: {
    says: 'a million bad messages at every door of a gateway, beside an honest node (--count N --nodes N --seed N)',
    run: () => import('./soaks/wire'),
  },
  outages: {
    says: 'gateway, web, database and agent killed with -9, each and each two, at every stage (8 min)',
    run: () => import('./soaks/outages'),
  },
  'outage-floods': {
    says: 'gateway, database and agent killed or frozen for 10 s in the middle of real floods (root, 10 min; --only 1,3)',
    run: () => import('./soaks/outage-floods'),
  },
  'full-disk': {
    says: 'a flood while the disk of the match server is full and the platform is away (root, 4 min)',
    run: () => import('./soaks/full-disk'),
  },
  spool: {
    says: 'a day of samples and three incidents from a torn spool, beside live data (2 min; --samples N)',
    run: () => import('./soaks/spool'),
  },
  hour: {
    says: 'an hour of demo traffic with a flood every two minutes: what grows (root; --minutes N)',
    run: () => import('./soaks/hour'),
  },
}

const started = performance.now()
const say = (line: string): void =>
  void process.stderr.write(`${((performance.now() - started) / 1_000).toFixed(1).padStart(7)} s  ${line}\n`)

const [name = '', ...args] = process.argv.slice(2)
const found = SOAKS[name]
if (found === undefined) {
  const known = Object.entries(SOAKS).map(([one, { says }]) => `  ${one.padEnd(14)} ${says}`)
  console.error(`Usage: npm run soak -- NAME [options]\n${known.join('\n')}`)
  process.exit(2)
}
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const)
  process.once(signal, () => process.exit(128 + number))
const { soak } = await found.run()
if (soak) process.exit(await soak(args, say))

export {}
