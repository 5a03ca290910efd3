import { isIP } from 'node:net'

/**
 * pcap expression that leaves management traffic out of evidence: SSH, and the agent's own line to the platform.
 * A platform known by name is told by its port, unless that is one a service here may use: no name is resolved in a flood.
 */
export function managementFilter(gatewayUrl: string): string {
  const { hostname, port, protocol } = new URL(gatewayUrl)
  const host = hostname.replace(/^\[|\]$/g, '')
  const number = Number(port || (protocol === 'https:' ? 443 : 80))
  const terms = ['not tcp port 22']
  if (isIP(host)) terms.push(`not (host ${host} and tcp port ${number})`)
  else if (number !== 80 && number !== 443) terms.push(`not tcp port ${number}`)
  return terms.join(' and ')
}
