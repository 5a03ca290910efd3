import type { WireError, WireErrorCode } from '../../wire/messages'

/** Whom a refusal is about, as far as it is known: its workspace reads of it in the audit log. */
export type About = { workspaceId: string; kind: 'node' | 'enrolment_token'; id: string }

/** A refusal the agent understands. Travels as WireError in an ack, a connect error's `data` or a reply's `error`. */
export class WireFailure extends Error {
  readonly code: WireErrorCode
  readonly retryAfterMs: number | undefined
  /** Never leaves the gateway. */
  readonly about: About | null
  /** Read by Socket.IO: what the client finds in `connect_error`. */
  readonly data: WireError

  constructor(
    code: WireErrorCode,
    message: string,
    options: { retryAfterMs?: number; about?: About | null; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'WireFailure'
    this.code = code
    this.retryAfterMs = options.retryAfterMs
    this.about = options.about ?? null
    this.data = { code, message, ...(options.retryAfterMs === undefined ? {} : { retryAfterMs: options.retryAfterMs }) }
  }
}

/** Hides what went wrong inside; the log has it. */
export function toWireError(error: unknown): WireError {
  if (error instanceof WireFailure) return error.data
  return { code: 'internal', message: 'The gateway failed to handle this. Send it again.', retryAfterMs: 1_000 }
}

const HTTP_STATUS: Record<WireErrorCode, number> = {
  bad_message: 400,
  too_large: 413,
  bad_token: 401,
  bad_signature: 401,
  clock_skew: 401,
  replayed: 401,
  revoked: 403,
  unknown_version: 400,
  sequence_gap: 409,
  sequence_conflict: 409,
  too_old: 400,
  in_future: 400,
  busy: 503,
  internal: 500,
}

export const httpStatusOf = (error: WireError): number => HTTP_STATUS[error.code]
