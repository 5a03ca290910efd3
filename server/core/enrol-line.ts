import { ValidationError } from './errors'

/** A shell reads the line: nothing in the address may mean anything to it. */
const SAFE_URL = /^https?:\/\/[A-Za-z0-9.:[\]_/-]+$/

/** Where the installer comes from, and what it must hash to. */
export type EnrolLine = { url: string; token: string; installerSha256: string }

/**
 * The line a person pastes on a server, as root. Without TLS the installer could be replaced on its way to a root
 * shell: then the line itself carries its hash, and the installer carries that of the agent.
 */
export function enrolLine({ url, token, installerSha256 }: EnrolLine): string {
  const base = url.replace(/\/+$/, '')
  if (!SAFE_URL.test(base))
    throw new ValidationError(`${base} is not an address that may stand in a shell line.`, 'url')
  const script = `${base}/gateway/agent/install.sh`
  const fetched = `{ curl -fsSL ${script} || wget -qO- ${script}; }`
  const options = `--gateway ${base} --token ${token}`
  if (base.startsWith('https://')) return `${fetched} | sh -s -- ${options}`
  return `f=$(mktemp) && ${fetched} >$f && echo "${installerSha256}  $f" | sha256sum -c --quiet && sh $f ${options}`
}
