import { z } from 'zod'

const Vitest = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})
const Playwright = z.object({ stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }) })

export type Tally = { passed: number; failed: number }

/** One runner's report. A file that failed before any test of it ran counts as one failure; a flaky test passed. */
export function readReport(report: unknown): Tally {
  const vitest = Vitest.safeParse(report)
  if (vitest.success) {
    const { numPassedTests, numFailedTests, testResults } = vitest.data
    const unborn = testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    )
    return { passed: numPassedTests, failed: numFailedTests + unborn.length }
  }
  const { expected, flaky, unexpected } = Playwright.parse(report).stats
  return { passed: expected + flaky, failed: unexpected }
}

/** Sum over all runners. A step that broke without any counted failure (lint, types, a crash) is one failure. */
export function sumReports(reports: readonly unknown[], brokenSteps: number): Tally {
  const sum = reports
    .map(readReport)
    .reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), { passed: 0, failed: 0 })
  return { passed: sum.passed, failed: Math.max(sum.failed, brokenSteps) }
}
