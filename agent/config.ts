import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { AgentError, errorText } from './errors'

export type TableNames = { sense: string; verified: string; cut: string }

/** Everything on the node that carries a name, derived from the brand. */
export type Names = { tables: TableNames; command: string; unit: string; processTitle: string; metricPrefix: string }

export const DEFAULT_BRAND = 'tidegate'
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const Brand = z.string().regex(/^[a-z][a-z0-9]{0,30}$/, 'a brand is 1 to 31 small letters and digits, a letter first')
const GatewayUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))
const InterfaceName = z.string().regex(/^[^\s/]{1,15}$/, 'an interface name has 1 to 15 characters')

/** agent.json, written by `enroll`; a person may add the optional settings. */
export const AgentFile = z.object({
  gatewayUrl: GatewayUrl,
  nodeId: z.string().min(1).max(64),
  workspaceId: z.string().min(1).max(64),
  nodeName: z.string(),
  workspaceName: z.string(),
  brand: Brand,
  interface: InterfaceName.optional(),
  logLevel: z.enum(LOG_LEVELS).optional(),
})
export type AgentFile = z.infer<typeof AgentFile>

/** Options of the command line that every command takes. */
export type GlobalOptions = { stateDir?: string; brand?: string; logLevel?: string }
export type RunOptions = GlobalOptions & { gateway?: string; interface?: string }

export type Paths = {
  stateDir: string
  agentFile: string
  key: string
  status: string
  spool: string
  evidence: string
}

/** What a command may know before the node is enrolled. */
export type LocalConfig = { brand: string; names: Names; paths: Paths; logLevel: LogLevel }

export type Config = LocalConfig & {
  gatewayUrl: string
  nodeId: string
  workspaceId: string
  nodeName: string
  /** Interface whose traffic is captured. */
  interfaceName: string
}

const Environment = z.object({
  AGENT_STATE_DIR: z.string().min(1).optional(),
  AGENT_BRAND: z.string().min(1).optional(),
  AGENT_GATEWAY_URL: z.string().min(1).optional(),
  AGENT_INTERFACE: z.string().min(1).optional(),
  AGENT_LOG_LEVEL: z.string().min(1).optional(),
})

function settled<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue?.path.length ? `${name}, ${issue.path.join('.')}` : name
  throw new AgentError(
    'bad_config',
    `${where} is not usable: ${issue?.message ?? 'unknown'}. Correct it and try again.`,
  )
}

export function namesOf(brand: string): Names {
  return {
    tables: { sense: `${brand}_sense`, verified: `${brand}_verified`, cut: `${brand}_cut` },
    command: brand,
    unit: `${brand}-agent.service`,
    processTitle: `${brand}-agent`,
    metricPrefix: `${brand}_agent_`,
  }
}

export function pathsOf(stateDir: string): Paths {
  const at = (name: string): string => join(stateDir, name)
  return {
    stateDir,
    agentFile: at('agent.json'),
    key: at('node.key'),
    status: at('status.json'),
    spool: at('spool'),
    evidence: at('evidence'),
  }
}

/** agent.json of a state directory, or null while the node is not enrolled. */
export function readAgentFile(paths: Paths): AgentFile | null {
  if (!existsSync(paths.agentFile)) return null
  let value: unknown
  try {
    value = JSON.parse(readFileSync(paths.agentFile, 'utf8'))
  } catch (error) {
    throw new AgentError('bad_config', `${paths.agentFile} cannot be read: ${errorText(error)}`)
  }
  return settled(AgentFile, value, paths.agentFile)
}

/** Precedence everywhere: command line, environment, agent.json, default. */
export function loadLocalConfig(options: GlobalOptions = {}): LocalConfig {
  const environment = Environment.parse(process.env)
  const askedBrand = options.brand ?? environment.AGENT_BRAND
  const stateDir = options.stateDir ?? environment.AGENT_STATE_DIR ?? `/var/lib/${askedBrand ?? DEFAULT_BRAND}`
  const paths = pathsOf(resolve(stateDir))
  const file = readAgentFile(paths)
  const brand = settled(Brand, askedBrand ?? file?.brand ?? DEFAULT_BRAND, 'The brand')
  const level = options.logLevel ?? environment.AGENT_LOG_LEVEL ?? file?.logLevel ?? 'info'
  return { brand, names: namesOf(brand), paths, logLevel: settled(z.enum(LOG_LEVELS), level, 'The log level') }
}

/** Settings of an enrolled node. */
export function loadConfig(options: RunOptions = {}): Config {
  const local = loadLocalConfig(options)
  const environment = Environment.parse(process.env)
  const file = readAgentFile(local.paths)
  if (!file)
    throw new AgentError(
      'not_enrolled',
      `This node is not enrolled: ${local.paths.agentFile} is missing. Run "${local.names.command} enroll --gateway URL --token TOKEN" first.`,
    )
  const gateway = options.gateway ?? environment.AGENT_GATEWAY_URL ?? file.gatewayUrl
  const named = options.interface ?? environment.AGENT_INTERFACE ?? file.interface
  return {
    ...local,
    gatewayUrl: settled(GatewayUrl, gateway, 'The gateway URL'),
    nodeId: file.nodeId,
    workspaceId: file.workspaceId,
    nodeName: file.nodeName,
    interfaceName: named ? settled(InterfaceName, named, 'The interface') : detectInterface(),
  }
}

export const parseGatewayUrl = (url: string): string => settled(GatewayUrl, url, 'The gateway URL')

/** Interface of the IPv4 default route in /proc/net/route with the lowest metric, or null. */
export function parseDefaultRoute(text: string): string | null {
  let best: { name: string; metric: number } | null = null
  for (const line of text.split('\n').slice(1)) {
    const fields = line.split('\t')
    const [name, destination] = fields
    const metric = Number(fields[6])
    if (!name || destination !== '00000000' || Number(fields[7]) !== 0) continue
    if (!best || metric < best.metric) best = { name, metric }
  }
  return best?.name ?? null
}

/** First interface of /proc/net/dev that is not loopback, or null. */
export const parseFirstInterface = (text: string): string | null =>
  [...text.matchAll(/^\s*([^\s:]+):/gm)].map((match) => match[1]).find((name) => name !== 'lo') ?? null

function detectInterface(): string {
  const found =
    parseDefaultRoute(readFileSync('/proc/net/route', 'utf8')) ??
    parseFirstInterface(readFileSync('/proc/net/dev', 'utf8'))
  if (found) return found
  throw new AgentError('no_interface', 'No network interface was found. Name it with --interface.')
}
