/** Counts failures a key may have within a window; a success clears it. Bounded, so that made-up keys cannot fill memory. */
export type AttemptLimit = {
  isSpent: (key: string) => boolean
  fail: (key: string) => void
  clear: (key: string) => void
}

type Options = { failuresMax: number; windowMs: number; keysMax: number; now?: () => number }

export function createAttemptLimit({ failuresMax, windowMs, keysMax, now = Date.now }: Options): AttemptLimit {
  const failures = new Map<string, number[]>()
  const recent = (key: string): number[] => (failures.get(key) ?? []).filter((atMs) => atMs > now() - windowMs)
  return {
    isSpent: (key) => recent(key).length >= failuresMax,
    fail: (key) => {
      const kept = [...recent(key), now()].slice(-failuresMax)
      failures.delete(key)
      failures.set(key, kept)
      const oldest = failures.keys().next().value
      if (failures.size > keysMax && oldest !== undefined) failures.delete(oldest)
    },
    clear: (key) => void failures.delete(key),
  }
}
