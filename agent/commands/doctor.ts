import { existsSync, readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { execa } from 'execa'
import { CLOCK_SKEW_MS_MAX } from '../../wire/limits'
import { loadCap, loadForeignFunctions } from '../addons'
import { type GlobalOptions, type LocalConfig, loadLocalConfig, readAgentFile } from '../config'
import { errorText } from '../errors'
import { loadKey } from '../identity'
import { openNft } from '../mitigate/nft'
import { MARK_BIT } from '../sense/mark'
import { openTap } from '../sense/tap'
import { findMarkUsers, probeFeatures } from './doctor-kernel'

export type DoctorOptions = GlobalOptions & { json?: boolean }

export type Finding = { name: string; state: 'ok' | 'warn' | 'fail'; text: string }

const ok = (name: string, text: string): Finding => ({ name, state: 'ok', text })
const warn = (name: string, text: string): Finding => ({ name, state: 'warn', text })
const fail = (name: string, text: string): Finding => ({ name, state: 'fail', text })

/** @returns exit code: 0 when nothing that protection needs is missing. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const config = loadLocalConfig(options)
  const findings: Finding[] = []
  for (const probe of PROBES) findings.push(...[await probe(config)].flat())
  const failed = findings.some(({ state }) => state === 'fail')
  if (options.json) console.log(JSON.stringify({ ok: !failed, findings }))
  else console.log(findings.map(({ name, state, text }) => `${state.padEnd(5)} ${name.padEnd(18)} ${text}`).join('\n'))
  return failed ? 1 : 0
}

type Probe = (config: LocalConfig) => Promise<Finding | Finding[]> | Finding | Finding[]

const PROBES: readonly Probe[] = [
  checkRights,
  checkNft,
  checkFeatures,
  checkAddon,
  checkTcpdump,
  checkMark,
  checkFirewalls,
  checkDisk,
  checkEnrolment,
  checkClock,
]

/** Output of a command, or null when it is not installed or fails. */
async function output(command: string, args: string[]): Promise<string | null> {
  const result = await execa(command, args, { timeout: 10_000, reject: false }).catch(() => null)
  return result && result.exitCode === 0 ? String(result.stdout) : null
}

const CAPABILITIES = { CAP_NET_ADMIN: 12, CAP_NET_RAW: 13 } as const

/** Capabilities that a CapEff mask of /proc/self/status lacks. */
export const missingCapabilities = (mask: bigint): string[] =>
  Object.entries(CAPABILITIES)
    .filter(([, bit]) => ((mask >> BigInt(bit)) & 1n) === 0n)
    .map(([name]) => name)

function checkRights(): Finding {
  const mask = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  const missing = missingCapabilities(BigInt(`0x${mask}`))
  return missing.length === 0
    ? ok('rights', 'may change the firewall and capture packets')
    : fail('rights', `${missing.join(' and ')} missing: run as root, or give the unit these capabilities`)
}

async function checkNft(): Promise<Finding> {
  const version = await output('nft', ['--version'])
  if (!version) return fail('nft', 'not found: install the package nftables')
  try {
    openNft(loadForeignFunctions()).close()
  } catch (error) {
    return fail('nft', errorText(error))
  }
  return ok('nft', version.trim())
}

async function checkFeatures({ brand }: LocalConfig): Promise<Finding[]> {
  if ((await output('nft', ['--version'])) === null) return []
  const refused = await probeFeatures(`${brand}_doctor`)
  if (refused.length === 0) return [ok('kernel', 'limit, numgen, log group, dynset, vmap with timeout and owner work')]
  return refused.map(({ name, refusal }) =>
    fail('kernel', `${name} is refused (${refusal}): load the nf_tables modules or take a newer kernel`),
  )
}

function checkAddon(): Finding[] {
  try {
    const { group } = openTap(loadCap(), () => undefined, Date.now)
    return [ok('capture addon', 'loads'), ok('NFLOG', `group ${group} is free`)]
  } catch (error) {
    return [fail('capture addon', errorText(error))]
  }
}

async function checkTcpdump(): Promise<Finding> {
  const found = await Promise.all(['tcpdump', 'timeout', 'nice'].map((name) => output(name, ['--version'])))
  if (found[0] === null) return warn('tcpdump', 'not found: evidence will hold the ring only; install tcpdump')
  if (found.includes(null)) return warn('tcpdump', 'nice or timeout is missing: install coreutils')
  return ok('tcpdump', found[0]?.split('\n')[0] ?? '')
}

async function checkMark({ names }: LocalConfig): Promise<Finding> {
  const ruleset = (await output('nft', ['-t', 'list', 'ruleset'])) ?? ''
  const rules = `${(await output('ip', ['rule'])) ?? ''}\n${(await output('ip', ['-6', 'rule'])) ?? ''}`
  const users = findMarkUsers(MARK_BIT, ruleset, rules, Object.values(names.tables))
  const bit = `0x${MARK_BIT.toString(16)}`
  return users.length === 0
    ? ok('packet mark', `bit ${bit} is free`)
    : warn('packet mark', `bit ${bit} is also used by ${users.join(', ')}: verified clients may be told apart wrongly`)
}

async function checkFirewalls(): Promise<Finding[]> {
  const findings: Finding[] = []
  const iptables = await output('iptables', ['--version'])
  if (iptables?.includes('legacy'))
    findings.push(
      warn('iptables', 'legacy iptables is in use beside nftables: both see every packet, rules stay apart'),
    )
  else if (iptables) findings.push(ok('iptables', `${iptables.trim()}; its tables are left alone`))
  const ufw = existsSync('/etc/ufw/ufw.conf') ? readFileSync('/etc/ufw/ufw.conf', 'utf8') : ''
  if (/^ENABLED=yes/m.test(ufw)) findings.push(ok('ufw', 'enabled; its rules are left alone'))
  return findings
}

const MEBIBYTE = 1024 ** 2

async function checkDisk({ paths }: LocalConfig): Promise<Finding> {
  let place = paths.stateDir
  while (!existsSync(place)) place = dirname(place)
  const { bavail, bsize } = await statfs(place)
  const free = Math.round((bavail * bsize) / MEBIBYTE)
  const text = `${free} MiB free at ${place}`
  if (free < 64) return fail('disk', `${text}: spool and evidence need room`)
  return free < 1_024
    ? warn('disk', `${text}: a day without the platform and its evidence need about 1 GiB`)
    : ok('disk', text)
}

function checkEnrolment({ paths, names }: LocalConfig): Finding {
  try {
    const file = readAgentFile(paths)
    if (!file) return warn('enrolment', `not enrolled: run "${names.command} enroll --gateway URL --token TOKEN"`)
    loadKey(paths.key)
    return ok('enrolment', `${file.nodeName} in ${file.workspaceName}`)
  } catch (error) {
    return fail('enrolment', errorText(error))
  }
}

async function checkClock({ paths }: LocalConfig): Promise<Finding[]> {
  const gatewayUrl = readGatewayUrl(paths)
  if (!gatewayUrl) return []
  try {
    const startedMs = Date.now()
    const response = await fetch(`${gatewayUrl}/gateway/healthz`, { signal: AbortSignal.timeout(5_000) })
    const theirs = Date.parse(response.headers.get('date') ?? '')
    const offsetMs = (startedMs + Date.now()) / 2 - (theirs + 500)
    return [ok('platform', `${gatewayUrl} answers`), judgeClock(offsetMs)]
  } catch (error) {
    const why = error instanceof Error && error.cause ? errorText(error.cause) : errorText(error)
    return [warn('platform', `${gatewayUrl} is not reachable (${why}): reports would wait on disk`)]
  }
}

function readGatewayUrl(paths: LocalConfig['paths']): string | null {
  try {
    return readAgentFile(paths)?.gatewayUrl ?? null
  } catch {
    return null
  }
}

/** The Date header counts whole seconds: less than two seconds apart is the same. */
export function judgeClock(offsetMs: number): Finding {
  if (Number.isNaN(offsetMs)) return warn('clock', 'the platform does not tell its time')
  const seconds = Math.round(Math.abs(offsetMs) / 1_000)
  if (Math.abs(offsetMs) > CLOCK_SKEW_MS_MAX)
    return fail('clock', `${seconds} s off the platform's: it will refuse this node; start chrony or systemd-timesyncd`)
  if (seconds >= 2)
    return warn('clock', `${seconds} s off the platform's: evidence times will differ; check time synchronisation`)
  return ok('clock', 'within 2 s of the platform’s')
}
