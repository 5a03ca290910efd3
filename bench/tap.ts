/** Packets that the kernel handed to the agent: rules that log and count, in nft's JSON listing of the ruleset. Pure. */

type Expression = { log?: unknown; counter?: { packets: number } }
type Entry = { rule?: { expr: Expression[] } }

export function loggedPackets(listing: string): number {
  const { nftables } = JSON.parse(listing) as { nftables: Entry[] }
  const rules = nftables.flatMap(({ rule }) => (rule?.expr.some(({ log }) => log !== undefined) ? [rule] : []))
  return rules.reduce((sum, { expr }) => sum + (expr.find(({ counter }) => counter)?.counter?.packets ?? 0), 0)
}
