import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agentPackageRoute } from './agent-package'
import { createHttpServer } from './http'

const folder = mkdtempSync(join(tmpdir(), 'agent-package-'))
const served = join(folder, 'served')
const server = createHttpServer([agentPackageRoute(served)], pino({ level: 'silent' }))
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/gateway/agent`

beforeAll(async () => {
  mkdirSync(join(served, 'folder'), { recursive: true })
  writeFileSync(join(folder, 'secret'), 'secret')
  writeFileSync(join(served, '.hidden'), 'secret')
  writeFileSync(join(served, 'install.sh'), 'echo installed\n')
  writeFileSync(join(served, 'agent-linux-x64-0123456789ab.tar.gz'), Buffer.alloc(3_000_000, 1))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

/** A request line as no honest client writes it. */
function raw(path: string): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  return new Promise((done) => socket.once('close', () => done(answer)))
}

describe('packages of the agent', () => {
  it('are served whole, the installer never from a cache, an archive for ever', async () => {
    const installer = await fetch(`${url()}/install.sh`)
    expect(await installer.text()).toBe('echo installed\n')
    expect(installer.headers.get('cache-control')).toBe('no-store')
    const archive = await fetch(`${url()}/agent-linux-x64-0123456789ab.tar.gz`)
    expect((await archive.arrayBuffer()).byteLength).toBe(3_000_000)
    expect(archive.headers.get('cache-control')).toContain('immutable')
    const head = await fetch(`${url()}/install.sh`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '15'])
  })

  it('are the only files served: nothing above, below or hidden', async () => {
    for (const path of ['../secret', '..%2fsecret', '.hidden', 'folder', 'folder/../install.sh', '', 'none.tar.gz']) {
      const answer = await raw(`/gateway/agent/${path}`)
      expect(answer, path).toMatch(/^HTTP\/1.1 404 /)
      expect(answer, path).not.toContain('secret\n')
    }
  })

  it('are only read', async () => {
    expect((await fetch(`${url()}/install.sh`, { method: 'PUT', body: 'x' })).status).toBe(405)
  })
})
