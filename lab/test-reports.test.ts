import { expect, test } from 'vitest'
import { sumReports } from './test-reports'

const vitest = (passed: number, failed: number, testResults: unknown[] = []) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  testResults,
})

test('runners are summed, a flaky test passed', () => {
  const playwright = { stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 0 } }
  expect(sumReports([vitest(10, 2), playwright], 2)).toEqual({ passed: 15, failed: 3 })
})

test('a file that broke before its first test is a failure', () => {
  expect(sumReports([vitest(10, 0, [{ status: 'failed', assertionResults: [] }])], 1)).toEqual({
    passed: 10,
    failed: 1,
  })
})

test('a step that broke without a counted failure is a failure', () => {
  expect(sumReports([vitest(10, 0)], 1)).toEqual({ passed: 10, failed: 1 })
})
