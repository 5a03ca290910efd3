import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EnrolRequest, enrolStatement } from '../../wire/messages'
import { verifySignature } from '../identity'
import { enroll } from './enroll'

const enrolment = { nodeId: 'nd_1', workspaceId: 'ws_1', workspaceName: 'League', nodeName: 'match-01' }
let stateDir: string
let server: Server
let gateway: string
let requests: EnrolRequest[]

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'enroll-'))
  requests = []
  server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const asked = EnrolRequest.parse(JSON.parse(text))
    requests.push(asked)
    const isProven = verifySignature(asked.publicKey, enrolStatement(asked.token, asked.publicKey), asked.proof)
    const isValid = isProven && asked.token === 'good' && requests.filter(({ token }) => token === 'good').length === 1
    const error = { code: 'bad_token', message: 'This token was used before.' }
    response.writeHead(isValid ? 200 : 401).end(JSON.stringify(isValid ? enrolment : { error }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  gateway = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.restoreAllMocks()
  server.close()
  rmSync(stateDir, { recursive: true })
})

const agentFile = () => JSON.parse(readFileSync(join(stateDir, 'agent.json'), 'utf8'))

describe('enroll', () => {
  it('makes the key on the node, proves that it holds it, and keeps both to itself', async () => {
    expect(await enroll({ stateDir, gateway: `${gateway}/`, token: 'good' })).toBe(0)
    expect(agentFile()).toMatchObject({ ...enrolment, gatewayUrl: gateway, brand: 'tidegate' })
    expect(statSync(join(stateDir, 'node.key')).mode & 0o777).toBe(0o600)
    expect(statSync(join(stateDir, 'agent.json')).mode & 0o777).toBe(0o600)
    expect(JSON.stringify(requests)).not.toContain('PRIVATE')
  })

  it('changes nothing when asked again with a token that it has used', async () => {
    await enroll({ stateDir, gateway, token: 'good' })
    const before = readFileSync(join(stateDir, 'agent.json'), 'utf8')
    expect(await enroll({ stateDir, gateway, token: 'good' })).toBe(0)
    expect(readFileSync(join(stateDir, 'agent.json'), 'utf8')).toBe(before)
    expect(requests[0]?.publicKey).toBe(requests[1]?.publicKey)
  })

  it('says what to do about a token that is used, expired or mistyped', async () => {
    await expect(enroll({ stateDir, gateway, token: 'bad' })).rejects.toThrow(
      /used, has expired or was mistyped.*new enrolment token/,
    )
  })

  it('says that the token is not used up when the platform is not reachable', async () => {
    server.close()
    server.closeAllConnections()
    await expect(enroll({ stateDir, gateway, token: 'good' })).rejects.toThrow(/not reachable.*not used up/)
  })
})
