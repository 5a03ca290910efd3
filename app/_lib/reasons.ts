import type { Reason } from '@/wire/incident'
import { packetRate, percent, wholeNumber } from './figures'

/** Each term of the verdict as a person would put it. */
export const REASON_WORDS: Record<Reason['term'], { title: string; says: string }> = {
  volume: { title: 'Volume', says: 'how far the traffic stands above what is usual at this hour' },
  ramp: { title: 'Ramp', says: 'how fast it rose; audiences take seconds, floods milliseconds' },
  unsolicited: { title: 'Unasked answers', says: 'replies to questions this node never sent' },
  new_sources: { title: 'New sources', says: 'packets from addresses not seen here in peace' },
  source_spread: { title: 'Source spread', says: 'how evenly packets are spread over addresses' },
  length_spread: { title: 'Length spread', says: 'how varied packet lengths are; players vary, tools repeat' },
  ttl_spread: { title: 'TTL spread', says: 'how varied the distance of the senders is' },
  fingerprint: { title: 'One fingerprint', says: 'packets that look the same down to their payload' },
  handshake: { title: 'Handshakes', says: 'connections that are completed' },
  service_share: { title: 'Service ports', says: 'packets aimed at ports this node serves' },
  reaction: { title: 'Conversation', says: 'senders that answer what the server says' },
  distress: { title: 'Distress', says: 'signs that the node cannot keep up' },
}

export function reasonValue(value: number, unit: Reason['unit']): string {
  if (unit === 'ratio') return percent(value, value > 0 && value < 0.1 ? 1 : 0)
  if (unit === 'times') return `${value >= 10 ? wholeNumber(value) : value.toFixed(1)}×`
  if (unit === 'pps') return `${packetRate(value).value} ${packetRate(value).unit}`
  return wholeNumber(value)
}

/** Where value and normal band lie on a bar of width 1. Ratios always span 0..1, so that bars compare. */
export function reasonBar({ value, unit, normal }: Reason): { value: number; low: number; high: number } {
  const top = unit === 'ratio' ? 1 : Math.max(value, normal?.high ?? 0, 1e-9) * 1.05
  const at = (point: number) => Math.min(1, Math.max(0, point / top))
  return { value: at(value), low: at(normal?.low ?? 0), high: at(normal?.high ?? 0) }
}
