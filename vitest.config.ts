import { defineConfig } from 'vitest/config'

const project = (name: string, include: string[], more: Record<string, unknown> = {}) => ({
  test: { name, include, exclude: ['**/node_modules/**', '**/dist/**', '.next/**', 'tests/e2e/**'], ...more },
})

const DATABASE = './server/testing/database-setup.ts'

/** Suffix says what a test needs: nothing, a database, a gateway on a database, or root and namespaces. */
export default defineConfig({
  test: {
    projects: [
      project('unit', ['**/*.test.ts'], {
        exclude: ['**/node_modules/**', '**/*.{db,gateway,agent}.test.ts', 'tests/e2e/**'],
      }),
      project('db', ['**/*.db.test.ts'], { globalSetup: DATABASE, testTimeout: 30_000, hookTimeout: 60_000 }),
      project('gateway', ['**/*.gateway.test.ts'], { globalSetup: DATABASE, testTimeout: 60_000, hookTimeout: 60_000 }),
      project('agent', ['**/*.agent.test.ts'], { testTimeout: 120_000, hookTimeout: 60_000, fileParallelism: false }),
    ],
  },
})
