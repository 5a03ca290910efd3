/** Wall clock in microseconds since the epoch, the one clock of all lab figures. */
export function nowUs(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000)
}

export class DeadlineError extends Error {
  override name = 'DeadlineError'
}

/** Asks until the answer is not null. Throws a DeadlineError that names what was waited for. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null> | T | null,
  { timeoutMs, everyMs = 100 }: { timeoutMs: number; everyMs?: number },
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    if (performance.now() > deadline)
      throw new DeadlineError(`waited ${Math.round(timeoutMs / 1000)} s in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

/** Lets a span of the measurement pass. */
export const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
