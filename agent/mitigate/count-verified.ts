import { execa } from 'execa'
import type { Nft } from './nft'

/** Up to so many elements are listed in a few milliseconds; for more, packets and rules under way would wait for it. */
export const LISTED_HOT_MAX = 1_000

/** Elements of the verified sets. `before`: what they were last time. */
export async function countVerified(nft: Nft, table: string, before: number): Promise<number> {
  let elements = 0
  for (const set of [`set inet ${table} verified4`, `set inet ${table} verified6`]) {
    const listing = before <= LISTED_HOT_MAX ? nft.run([`list ${set}`]) : await listApart(set)
    elements += listing.match(/ expires /g)?.length ?? 0
  }
  return elements
}

async function listApart(set: string): Promise<string> {
  const { stdout } = await execa('nft', ['list', ...set.split(' ')], { timeout: 10_000 })
  return stdout
}
