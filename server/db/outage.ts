/** SQLSTATE classes of a server that is away, starting, ending or out of connections. */
const OUTAGE_STATES = /^(08|53|57)/

/** Whether the statement may work when the database is back. What is no answer of PostgreSQL is a broken connection. */
export function isOutage(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  const isState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code)
  return !isState || OUTAGE_STATES.test(code)
}
