import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { parseId } from '../server/core/ids'
import { startEmbedded, stopEmbedded } from '../server/db/embedded'
import { type DatabaseUrls, migrate, provisionServer, urlsOf } from '../server/db/provision'
import { startWebhookSink, type WebhookSink } from '../server/testing/webhook-sink'
import { installHolds, withClient } from './outage-holds'
import {
  databaseProcess,
  fastTimeline,
  freePort,
  gatewayProcess,
  type NodeControl,
  nodeProcess,
  type Place,
  SETTINGS_KEY,
  seedThere,
  type Timeline,
  webProcess,
} from './outage-parts'
import { endWithUs, type Supervised } from './outage-process'
import { OutageProxy } from './outage-proxy'

export const VICTIMS = ['gateway', 'web', 'database', 'agent'] as const
export type Victim = (typeof VICTIMS)[number]

/** Database, gateway, web, node and receiver on loopback, each of which can be killed and comes back. */
export type OutageStand = {
  urls: DatabaseUrls
  workspaceUuid: string
  nodeUuid: string
  stateDir: string
  statusPageUrl: string
  evidenceDir: string
  sink: WebhookSink
  proxy: OutageProxy
  /** Of a second node that the seed knows and nobody has enrolled. */
  secondToken: string
  node: NodeControl
  processes: Record<Victim, Supervised>
  rows: <Row>(sql: string, values?: unknown[]) => Promise<Row[]>
  close: () => Promise<void>
}

const BUILT = ['dist/server/main.mjs', '.next/standalone/server.js', 'agent/dist/tidegate.mjs']

/**
 * @param folder is emptied: it belongs to this stand alone.
 * @param prepareNode what the enrolled node finds on its disk when it starts for the first time.
 */
export async function openOutageStand(
  root: string,
  folder: string,
  prepareNode: (stateDir: string) => Timeline | Promise<Timeline> = fastTimeline,
): Promise<OutageStand> {
  const missing = BUILT.find((built) => !existsSync(join(root, built)))
  if (missing) throw new Error(`${missing} is not built; run bin/prepare --build`)
  rmSync(folder, { recursive: true, force: true })
  const place: Place = { root, folder }
  const evidenceDir = join(folder, 'evidence')
  mkdirSync(evidenceDir, { recursive: true })
  const data = join(folder, 'postgres')
  const server = await startEmbedded({ data, port: 0 })
  endWithUs(server.pid)
  const urls = urlsOf(await provisionServer(server.adminUrl, server.passwords), server.passwords)
  await migrate(urls.DATABASE_URL, Date.now())
  const sinkPort = await freePort()
  const seed = await seedThere(urls, `http://127.0.0.1:${sinkPort}/alerts`)
  await installHolds(urls.DATABASE_URL)
  const sink = await startWebhookSink(seed.webhook?.secret ?? '', sinkPort)
  const proxy = await OutageProxy.open()
  const env = {
    ...urls,
    NODE_ENV: 'production',
    SETTINGS_KEY,
    NEXTAUTH_SECRET: 'outages last for minutes and hold nobody’s secrets',
    EVIDENCE_DIR: evidenceDir,
    WEBHOOK_ALLOW_CIDRS: '127.0.0.1/32',
    GATEWAY_URL: proxy.url,
    LOG_LEVEL: 'info',
  }
  const webPort = await freePort()
  const statusPageUrl = `http://127.0.0.1:${webPort}${seed.statusPageUrlPath}`
  const gateway = gatewayProcess(place, env, proxy)
  const web = webProcess(place, { ...env, PORT: String(webPort) }, statusPageUrl)
  await Promise.all([gateway.start(), web.start()])
  const stateDir = join(folder, 'node')
  const nodeUuid = await enrol(place, proxy.url, seed.enrolmentTokens[0]?.token ?? '', stateDir)
  const { process: agent, control: node } = nodeProcess(place, stateDir, await prepareNode(stateDir))
  await agent.start()
  const processes = { gateway, web, agent, database: databaseProcess(data, server.port) }
  return {
    urls,
    workspaceUuid: parseId('ws', seed.workspaceId),
    nodeUuid,
    stateDir,
    statusPageUrl,
    evidenceDir,
    sink,
    proxy,
    secondToken: seed.enrolmentTokens[1]?.token ?? '',
    node,
    processes,
    rows: (sql, values) =>
      withClient(urls.DATABASE_URL, async (client) => (await client.query(sql, values)).rows as never),
    close: async () => {
      await Promise.all([gateway.kill(), web.kill(), agent.kill()])
      proxy.close()
      await sink.close()
      await stopEmbedded(data)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function enrol({ root }: Place, url: string, token: string, stateDir: string): Promise<string> {
  const args = ['enroll', '--gateway', url, '--token', token, '--json', '--state-dir', stateDir]
  const { stdout } = await execa(process.execPath, [join(root, 'agent/dist/tidegate.mjs'), ...args])
  return parseId('nd', (JSON.parse(stdout) as { nodeId: string }).nodeId)
}
