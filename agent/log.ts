import { type Logger, pino } from 'pino'
import type { LogLevel } from './config'

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

/** Structured lines on stderr: stdout belongs to what a command was asked for. */
export const createLog = (name: string, level: LogLevel): Logger =>
  pino({ name, level, base: { name } }, pino.destination({ dest: 2, sync: false }))
