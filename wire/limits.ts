/** Versions this build can speak, best first. Agent and gateway settle on the highest they share. */
export const PROTOCOL_VERSIONS = [2, 1] as const

/** First version whose nodes know all of a policy and say which one they hold. */
export const POLICY_VERSION = 2

/** Largest message accepted by the gateway, in bytes. An agent splits its batches below it. */
export const MESSAGE_BYTES_MAX = 512 * 1024

/** Samples in one push. One day of samples replays in 864 pushes. */
export const SAMPLES_PER_PUSH_MAX = 100

/** How far an agent's clock may run from the gateway's before its signature is refused, in ms. */
export const CLOCK_SKEW_MS_MAX = 120_000

/** Samples older than this are refused, in ms: 1-second rows are kept for 48 hours. */
export const SAMPLE_AGE_MS_MAX = 48 * 3_600_000

/** Highest protocol version both sides speak, or null when there is none. */
export function negotiateVersion(offered: readonly number[]): number | null {
  const shared = PROTOCOL_VERSIONS.filter((version) => offered.includes(version))
  return shared.length > 0 ? Math.max(...shared) : null
}
