import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbedded, stopEmbedded } from '../db/embedded'
import { migrate, provisionServer } from '../db/provision'

const TEMPLATE = 'template_migrated'

export type TestServer = {
  adminUrl: string
  /** Owner's URL of the migrated database that each test file copies. */
  templateUrl: string
  secrets: { owner: string; app: string; engine: string }
}

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: TestServer
  }
}

type Running = { server: Promise<TestServer>; data: Promise<string>; users: number }

// Each vitest project loads this file for itself; one server serves them all.
const shared = globalThis as typeof globalThis & { testDatabase?: Running }

async function start(data: string): Promise<TestServer> {
  const { adminUrl, passwords } = await startEmbedded({ data, isDurable: false, port: 0 })
  const templateUrl = await provisionServer(adminUrl, passwords, TEMPLATE)
  await migrate(templateUrl, Date.now())
  return { adminUrl, templateUrl, secrets: passwords }
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'database-test-'))
  // The server may run as another user, who must get through.
  await chmod(folder, 0o755)
  return folder
}

/** One database server for all test files of a run, started when the first project needs it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!shared.testDatabase) {
    const data = makeFolder()
    shared.testDatabase = { data, server: data.then(start), users: 0 }
  }
  const running = shared.testDatabase
  running.users += 1
  project.provide('testServer', await running.server)
  return async () => {
    running.users -= 1
    if (running.users > 0) return
    shared.testDatabase = undefined
    const data = await running.data
    await stopEmbedded(data)
    await rm(data, { recursive: true, force: true })
  }
}
