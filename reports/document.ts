import type { Edition } from '../server/services/reports/report'

export type Column = { name: string; isFigure?: boolean; isCode?: boolean /** Share of the width. */; width: number }

export type ChartPoint = { atMs: number; wirePps: number; deliveredPps: number; usualPpsHigh: number | null }

export type Chart = {
  kind: 'chart'
  label: string
  points: ChartPoint[]
  startedMs: number
  endedMs: number | null
  /** One point is the highest of so many seconds. */
  seconds: number
}

export type Block =
  | { kind: 'heading'; level: 2 | 3; text: string }
  | { kind: 'text'; text: string; tone: 'lead' | 'plain' | 'quiet' }
  | { kind: 'facts'; rows: { name: string; value: string; isCode?: boolean }[] }
  | { kind: 'table'; label: string; columns: Column[]; rows: string[][] }
  | { kind: 'bars'; label: string; rows: { name: string; share: number; value: string }[] }
  | Chart

export type ReportDocument = {
  edition: Edition
  /** What kind of report it is, above its title. */
  kicker: string
  title: string
  /** Where it is about, when it was made, in which zone its times are. */
  origin: string
  blocks: Block[]
  fileName: string
}

export const EDITION_WORDS: Record<Edition, string> = {
  league: 'Integrity report for the league',
  sponsor: 'Availability report',
  retrospective: 'Retrospective',
}
