import { z } from 'zod'

const Assertion = z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) })
const Vitest = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({ name: z.string(), status: z.string(), message: z.string(), assertionResults: z.array(Assertion) }),
  ),
})

const Spec = z.object({
  title: z.string(),
  file: z.string(),
  tests: z.array(
    z.object({
      status: z.string(),
      results: z.array(z.object({ errors: z.array(z.object({ message: z.string().optional() })) })),
    }),
  ),
})
type Suite = { specs?: z.infer<typeof Spec>[]; suites?: Suite[] }
const Suite: z.ZodType<Suite> = z.object({
  specs: z.array(Spec).optional(),
  suites: z.lazy(() => z.array(Suite)).optional(),
})
const Playwright = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  suites: z.array(Suite),
})

/** A test that failed, or a file that broke before its first test. */
export type Failure = { file: string; title: string; message: string }

export type Tally = { passed: number; failures: Failure[] }

/** One runner's report. A file that failed before any test of it ran counts as one failure; a flaky test passed. */
export function readReport(report: unknown): Tally {
  const vitest = Vitest.safeParse(report)
  if (vitest.success) return readVitest(vitest.data)
  const { stats, suites } = Playwright.parse(report)
  return { passed: stats.expected + stats.flaky, failures: suites.flatMap(failedSpecs) }
}

const readVitest = ({ numPassedTests, testResults }: z.infer<typeof Vitest>): Tally => ({
  passed: numPassedTests,
  failures: testResults.flatMap(({ name: file, status, message, assertionResults }) =>
    status === 'failed' && assertionResults.length === 0
      ? [{ file, title: 'broke before its first test', message }]
      : assertionResults
          .filter((one) => one.status === 'failed')
          .map(({ fullName: title, failureMessages }) => ({ file, title, message: failureMessages.join('\n') })),
  ),
})

const failedSpecs = ({ specs = [], suites = [] }: Suite): Failure[] => [
  ...specs
    .filter(({ tests }) => tests.some(({ status }) => status === 'unexpected'))
    .map(({ file, title, tests }) => {
      const errors = tests.flatMap(({ results }) => results.flatMap((result) => result.errors))
      return { file, title, message: errors.map((error) => error.message ?? '').join('\n') }
    }),
  ...suites.flatMap(failedSpecs),
]

/** Sum over all runners. A step that broke without any counted failure (lint, types, a crash) is one failure. */
export function sumReports(reports: readonly unknown[], brokenSteps: readonly string[]): Tally & { failed: number } {
  const tallies = reports.map(readReport)
  const failures = tallies.flatMap((tally) => tally.failures)
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0)
  return { passed, failures, failed: Math.max(failures.length, brokenSteps.length) }
}
