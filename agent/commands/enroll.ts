import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { EnrolResponse, enrolStatement, WIRE_ERRORS, type WireError } from '../../wire/messages'
import { readAs } from '../../wire/read'
import {
  type AgentFile,
  type GlobalOptions,
  type LocalConfig,
  loadLocalConfig,
  parseGatewayUrl,
  readAgentFile,
} from '../config'
import { AgentError, errorText } from '../errors'
import { loadOrCreateKey, type NodeKey } from '../identity'
import { AGENT_VERSION } from '../version'

export type EnrollOptions = GlobalOptions & { gateway: string; token: string; json?: boolean }

const TIMEOUT_MS = 15_000

/**
 * Registers this node: the key is made here and only its public half leaves. Asked again with the same token before
 * the answer arrived, it goes on with the same key; on a node that is enrolled already it changes nothing.
 */
export async function enroll(options: EnrollOptions): Promise<number> {
  const config = loadLocalConfig(options)
  const gatewayUrl = parseGatewayUrl(options.gateway)
  const standing = readAgentFile(config.paths)
  mkdirSync(config.paths.stateDir, { recursive: true, mode: 0o700 })
  chmodSync(config.paths.stateDir, 0o700)
  const key = loadOrCreateKey(config.paths.key)
  const answer = await ask(gatewayUrl, options.token, key)
  if (isRefusal(answer)) {
    if (answer.code === 'bad_token' && standing?.gatewayUrl === gatewayUrl) return report(options, standing, true)
    throw refused(config, answer)
  }
  const { nodeId, workspaceId, nodeName, workspaceName } = answer
  const kept = standing ? { interface: standing.interface, logLevel: standing.logLevel } : {}
  const file: AgentFile = { gatewayUrl, nodeId, workspaceId, nodeName, workspaceName, brand: config.brand, ...kept }
  const fresh = `${config.paths.agentFile}.new`
  writeFileSync(fresh, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 })
  renameSync(fresh, config.paths.agentFile)
  return report(options, file, false)
}

async function ask(gatewayUrl: string, token: string, key: NodeKey): Promise<EnrolResponse | WireError> {
  const { publicKey } = key
  const proof = key.sign(enrolStatement(token, publicKey))
  const body = JSON.stringify({ token, publicKey, hostname: hostname(), agentVersion: AGENT_VERSION, proof })
  let answer: unknown
  let status = 0
  try {
    const response = await fetch(`${gatewayUrl}/gateway/enroll`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    status = response.status
    answer = await response.json()
  } catch (error) {
    const cause = error instanceof Error && error.cause ? errorText(error.cause) : errorText(error)
    const what = status ? `answered ${status} without JSON` : `is not reachable (${cause})`
    throw new AgentError(
      'unreachable',
      `The platform at ${gatewayUrl} ${what}. Check the address and that this host may connect to it; the token is not used up by this.`,
    )
  }
  const error = (answer as { error?: unknown } | null)?.error
  if (isRefusal(error)) return error
  const parsed = readAs(EnrolResponse, answer)
  if (parsed.success) return parsed.data
  throw new AgentError(
    'bad_answer',
    `${gatewayUrl} answered ${status} with something else than an enrolment. Is it the platform?`,
  )
}

const isRefusal = (value: unknown): value is WireError =>
  typeof value === 'object' && value !== null && WIRE_ERRORS.some((code) => 'code' in value && value.code === code)

function refused({ names }: LocalConfig, { code, message }: WireError): AgentError {
  if (code === 'bad_token') {
    const advice = `Make a new enrolment token on the platform and run "${names.command} enroll" again.`
    return new AgentError(
      code,
      `The token is not valid: it was used, has expired or was mistyped. ${advice} (${message})`,
    )
  }
  return new AgentError(code, `The platform refused to enrol this node: ${message}`)
}

function report({ json }: EnrollOptions, file: AgentFile, wasEnrolled: boolean): number {
  const { nodeId, nodeName, workspaceId, workspaceName, gatewayUrl } = file
  if (json) console.log(JSON.stringify({ nodeId, nodeName, workspaceId, workspaceName, gatewayUrl, wasEnrolled }))
  else if (wasEnrolled) console.log(`Enrolled already as ${nodeName} in ${workspaceName}; nothing was changed.`)
  else console.log(`Enrolled as ${nodeName} in ${workspaceName}.`)
  return 0
}
