export type NonceGuard = {
  /** True the first time; false when the same node already used this nonce while its statement is valid. */
  accept: (nodeId: string, nonce: string, validUntilMs: number) => boolean
  size: () => number
}

/** Remembers nonces until their statement is too old to be accepted anyway, so memory follows the connect rate. */
export function createNonceGuard(nowMs: () => number): NonceGuard {
  const used = new Map<string, number>()
  let sweepAtMs = 0
  const sweep = (): void => {
    const now = nowMs()
    if (now < sweepAtMs) return
    sweepAtMs = now + 10_000
    for (const [key, validUntilMs] of used) if (validUntilMs < now) used.delete(key)
  }
  return {
    accept: (nodeId, nonce, validUntilMs) => {
      sweep()
      const key = `${nodeId} ${nonce}`
      if (used.has(key)) return false
      used.set(key, validUntilMs)
      return true
    },
    size: () => used.size,
  }
}
