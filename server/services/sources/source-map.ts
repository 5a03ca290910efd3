import { z } from 'zod'

export const SOURCE_KINDS = ['country', 'network', 'prefix'] as const
export type SourceKind = (typeof SOURCE_KINDS)[number]

/** One country, network (AS) or prefix. */
export const SourceCount = z.object({
  kind: z.enum(SOURCE_KINDS),
  /** Country code, number of the AS, or prefix. */
  key: z.string().min(1).max(64),
  /** Who holds the AS. */
  name: z.string().max(200).nullable(),
  packets: z.int().nonnegative(),
  addresses: z.int().nonnegative(),
})
export type SourceCount = z.infer<typeof SourceCount>

const count = z.int().nonnegative()

/** What was read and what was left out. */
export const SourceTotals = z.object({
  /** Recorded packets of the attack that came in from addresses unknown before it. All shares are of these. */
  packets: count,
  addresses: count,
  /** Of these, how many a table knows. */
  countryPackets: count,
  networkPackets: count,
  prefixes: count,
  countries: count,
  networks: count,
  /** From addresses that spoke with the server before the attack: left out. */
  knownPackets: count,
  knownAddresses: count,
  /** What the server sent, and what carries no IP. */
  otherPackets: count,
  /** Stretches of the attack that were recorded. */
  windows: count,
  /** Packets the kernel could not hand to the recorder; null where it cannot tell. */
  kernelDrops: count.nullable(),
  /** More was recorded than is read. */
  isCut: z.boolean(),
  tables: z.object({ country: z.string().max(120).nullable(), network: z.string().max(120).nullable() }),
})
export type SourceTotals = z.infer<typeof SourceTotals>
