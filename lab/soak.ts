/** `npm run soak -- NAME`: long proofs, each a file beside this one. What they found stands in docs/measured.md. */
const SOAKS: Record<string, { says: string; run: () => Promise<unknown> }> = {
  bare: {
    says: 'bin/up on a bare Debian, killed at every stage, its line on a second one (root, 15 min)',
    run: () => import('./bare'),
  },
  wire: {
    says: 'a million bad messages at every door of a gateway, beside an honest node (--count N --nodes N --seed N)',
    run: async () => {
      const { soak } = await import('./soaks/wire')
      process.exitCode = await soak(process.argv.slice(3), console.error)
    },
  },
}

const [name = ''] = process.argv.slice(2)
const soak = SOAKS[name]
if (soak === undefined) {
  const known = Object.entries(SOAKS).map(([one, { says }]) => `  ${one.padEnd(12)} ${says}`)
  console.error(`Usage: npm run soak -- NAME\n${known.join('\n')}`)
  process.exit(2)
}
await soak.run()

export {}
