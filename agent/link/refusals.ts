import { WIRE_ERRORS, type WireError, type WireErrorCode } from '../../wire/messages'

/** What a person must do about a refusal that will not pass by itself, and how rarely to ask again meanwhile. */
const ADVICE: Partial<Record<WireErrorCode, { retryMs: number; advice: string }>> = {
  revoked: { retryMs: 600_000, advice: 'Enrol this node again with a new token, or remove the agent.' },
  bad_signature: { retryMs: 600_000, advice: 'The platform does not know this key: enrol this node again.' },
  clock_skew: { retryMs: 60_000, advice: 'Correct the clock (chrony or systemd-timesyncd).' },
  unknown_version: { retryMs: 600_000, advice: 'Update the agent.' },
}

export type Refusal = { code: WireErrorCode | 'unreachable'; text: string; retryMs: number | null }

const isWireError = (value: unknown): value is WireError =>
  typeof value === 'object' && value !== null && WIRE_ERRORS.some((code) => 'code' in value && value.code === code)

/** A failed connection as a sentence. `retryMs` null: the usual back-off applies. */
export function explainRefusal(error: unknown): Refusal {
  const wire = isWireError(error) ? error : readData(error)
  if (!wire) {
    const why = error instanceof Error ? error.message : String(error)
    return { code: 'unreachable', text: `The platform is not reachable (${why}).`, retryMs: null }
  }
  const known = ADVICE[wire.code]
  const text = known ? `${wire.message} ${known.advice}` : wire.message
  return { code: wire.code, text, retryMs: known?.retryMs ?? wire.retryAfterMs ?? null }
}

// Socket.IO carries what a middleware refused with in `data`.
function readData(error: unknown): WireError | null {
  const data = error instanceof Error && 'data' in error ? error.data : null
  return isWireError(data) ? data : null
}
