import { z } from 'zod'

// Control characters but line break and tab, marks that turn the reading direction, and halves of surrogate pairs.
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}]/u

/** Words from a node: anything that can be stored and shown as it is. */
export const text = (charactersMax: number) =>
  z
    .string()
    .max(charactersMax)
    .refine((some) => !UNPRINTABLE.test(some), 'holds characters that cannot be stored')

/** In the one spelling that ids have everywhere: two spellings of one id would be two ids to whoever compares. */
export const Uuid = z.uuid().regex(/^[0-9a-f-]+$/, 'is not in lower case')

/** No line carries more; sums over years stay finite. */
const RATE_MAX = 1e15
export const rate = z.number().nonnegative().max(RATE_MAX)
