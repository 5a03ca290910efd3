import { TRPCError } from '@trpc/server'
import { type ErrorCode, InternalError } from '../core/errors'

const CODES: Record<ErrorCode, TRPCError['code']> = {
  validation: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  limit_exceeded: 'TOO_MANY_REQUESTS',
  unavailable: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
}

const isOurs = (error: unknown): error is Error & { code: ErrorCode } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && Object.hasOwn(CODES, error.code)

/** Our own errors keep code and words; anything else becomes a fixed sentence, its cause stays with the server. */
export function toTRPCError(error: unknown): TRPCError {
  if (error instanceof TRPCError) return error
  if (isOurs(error)) return new TRPCError({ code: CODES[error.code], message: error.message, cause: error })
  return new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: new InternalError().message, cause: error })
}
