import { expect, test } from 'vitest'
import { sumReports } from './test-reports'

const vitest = (passed: number, testResults: unknown[] = []) => ({
  numPassedTests: passed,
  numFailedTests: 0,
  testResults,
})
const file = (more: object) => ({ name: '/a.test.ts', status: 'failed', message: '', assertionResults: [], ...more })

const spec = (title: string, status: string, message: string) => ({
  title,
  file: 'a.spec.ts',
  tests: [{ status, results: [{ errors: [{ message }] }] }],
})

test('runners are summed and what failed is named with its message, a flaky test passed', () => {
  const playwright = {
    stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 0 },
    suites: [{ specs: [spec('walks', 'flaky', 'late')], suites: [{ specs: [spec('runs', 'unexpected', 'fell')] }] }],
  }
  const assertionResults = [
    { fullName: 'adds', status: 'passed', failureMessages: [] },
    { fullName: 'divides', status: 'failed', failureMessages: ['by zero'] },
  ]
  expect(sumReports([vitest(10, [file({ assertionResults })]), playwright], ['agent', 'e2e'])).toEqual({
    passed: 15,
    failed: 2,
    failures: [
      { file: '/a.test.ts', title: 'divides', message: 'by zero' },
      { file: 'a.spec.ts', title: 'runs', message: 'fell' },
    ],
  })
})

test('a file that broke before its first test is a failure', () => {
  expect(sumReports([vitest(10, [file({ message: 'no such import' })])], ['check'])).toMatchObject({
    passed: 10,
    failed: 1,
    failures: [{ file: '/a.test.ts', message: 'no such import' }],
  })
})

test('a step that broke without a counted failure is a failure', () => {
  expect(sumReports([vitest(10)], ['check'])).toMatchObject({ passed: 10, failed: 1 })
})
