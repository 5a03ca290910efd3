import type { NodeDetail } from '@/server/trpc/node-view'
import { againstUsual, packetRate } from './figures'
import { whatAndWhere } from './sentence'

type Told = Pick<NodeDetail, 'name' | 'state' | 'why' | 'isArchived' | 'isEnrolled' | 'latest' | 'incidents'>

/** What a node is doing, as a human would say it. */
export function nodeSentence(node: Told): string {
  const { name, state, why } = node
  if (node.isArchived) return `${name} is archived. Its history stays.`
  if (!node.isEnrolled) return `${name} is not enrolled yet.`
  const open = node.incidents.find((incident) => incident.endedMs === null && incident.state !== 'rejected')
  const what = open ? whatAndWhere(open) : `An attack on ${name}`
  switch (state) {
    case 'attack':
      return `${what}. ${open?.ruleInKernelMs == null ? 'Not dropped yet.' : 'It is being dropped.'}`
    case 'impaired':
      return `${what}. ${capital(why ?? 'players are affected')}.`
    case 'mitigated':
      return `${what} is dropped. What is delivered is as usual.`
    case 'watching':
      return `${name} is looking at a rise in traffic. Nothing is dropped.`
    case 'surge':
      return `More players than usual on ${name}. ${rate(node)} Nothing is dropped.`
    case 'offline':
      return `${name} is not connected. It protects its server on its own meanwhile.`
    case 'clean':
      return `${name} is fine. ${rate(node)}`
  }
}

function rate({ latest }: Told): string {
  if (!latest) return 'No figures of the last half minute are here yet.'
  const { value, unit } = packetRate(latest.wire.pps)
  return `${value} ${unit} arrive, ${againstUsual(latest.wire.pps, latest.baseline?.pps ?? null)}.`
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
