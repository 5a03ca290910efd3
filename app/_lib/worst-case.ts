/**
 * Longest time until the kernel wakes the agent, in ms: the packets it lets pass above the tripwire, at the rate at which
 * the flood stands above it. Null when the flood never crosses it.
 */
export function worstCaseMs(given: { floodPps: number; tripwirePps: number; burst: number }): number | null {
  const over = given.floodPps - given.tripwirePps
  return over > 0 ? (given.burst / over) * 1_000 : null
}
