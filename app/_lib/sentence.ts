import { VECTORS, type VectorId } from '../../wire/vectors'
import { percent, span, wholeNumber } from './figures'

/** What a sentence needs to know; times in ms. */
export type Told = {
  state: string
  vectors: { id: VectorId }[]
  node: { name: string }
  startedMs: number
  ruleInKernelMs: number | null
  endedMs: number | null
  /** Every rule only counted. */
  isObserved?: boolean
  verified: { count: number; packetsIn: number; packetsPastCut: number; socketBufferDrops: number }
}

/** "DNS reflection against match-03": what and where; several vectors are named in order of share. */
export function whatAndWhere({ state, vectors, node }: Pick<Told, 'state' | 'vectors' | 'node'>): string {
  if (state === 'rejected') return `Traffic rise on ${node.name}, not an attack`
  const names = vectors.map((vector) => VECTORS[vector.id].name)
  const [first, ...others] = names
  if (!first) return `Unnamed traffic against ${node.name}`
  const also =
    others.length === 0 ? '' : others.length === 1 ? ` and ${others[0]}` : ` and ${others.length} more vectors`
  return `${capital(first)}${also} against ${node.name}`
}

/** "Dropped since 14 ms." counted from the first packet. */
export function whatWeDid({ state, startedMs, ruleInKernelMs, endedMs, isObserved }: Told): string {
  if (state === 'rejected') return 'Nothing was dropped.'
  if (isObserved) return endedMs === null ? 'Only observed: nothing is dropped.' : 'Only observed, nothing was dropped.'
  if (ruleInKernelMs === null) return endedMs === null ? 'Not dropped yet.' : 'Over before a rule was needed.'
  const after = span(Math.max(0, ruleInKernelMs - startedMs))
  if (endedMs === null) return `Dropped since ${after}.`
  return `Dropped from ${after} on, over after ${span(endedMs - startedMs)}.`
}

/** "38 of 38 players unaffected." as far as the node can know it. */
export function howPlayersAre({ verified }: Pick<Told, 'verified'>): string {
  const { count } = verified
  if (count === 0) return 'No players were known on this node.'
  const loss = verifiedLoss(verified)
  if (loss === 0) return `${wholeNumber(count)} of ${wholeNumber(count)} players unaffected.`
  return `${wholeNumber(count)} players lost ${percent(loss, loss < 0.001 ? 3 : loss < 0.01 ? 2 : 1)} of their packets.`
}

/** Share of verified clients' packets that the cut or a full socket buffer took. */
export function verifiedLoss({ packetsIn, packetsPastCut, socketBufferDrops }: Told['verified']): number {
  if (packetsIn === 0) return 0
  return Math.min(1, (Math.max(0, packetsIn - packetsPastCut) + socketBufferDrops) / packetsIn)
}

const capital = (text: string): string =>
  /^[a-z][a-z]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text

/** How sure a name is, said like a person: "probably, 0.71". */
export function certainty(confidence: number): string {
  const word = confidence >= 0.95 ? 'certain' : confidence >= 0.6 ? 'probably' : 'perhaps'
  return `${word}, ${Math.min(confidence, 0.99).toFixed(2)}`
}
