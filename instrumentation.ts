/** Called by Next once, before the first request. */
export async function register(): Promise<void> {
  // Asked this way round, the build leaves the rest out of what runs at the edge.
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { getPriority, setPriority } = await import('node:os')
    // Where pages share a machine with gateway and database, an incident is stored and told before a crowd gets its pages.
    setPriority(Math.min(19, getPriority() + 5))
  }
}
