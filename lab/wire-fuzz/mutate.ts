import type { Random } from './random'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const nested = (depth: number): Json => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as Json

/** What breaks parsers, databases and screens. */
const HOSTILE: readonly (() => Json)[] = [
  () => null,
  () => true,
  () => -1,
  () => 0.5,
  () => 1e308,
  () => -0,
  () => 2 ** 53,
  () => Number.MAX_SAFE_INTEGER,
  () => 5e-324,
  () => '',
  () => '\0',
  () => '\ud800',
  () => '\u202egnp.exe',
  () => '1',
  () => "'; DROP TABLE node; --",
  () => '../../etc/passwd',
  () => '<script>alert(1)</script>',
  () => 'x'.repeat(20_000),
  () => [],
  () => ({}),
  () => ({ __proto__: null, constructor: { prototype: { isAdmin: true } } }),
  () => JSON.parse('{"__proto__":{"isAdmin":true}}') as Json,
  () => ({ toJSON: 1, length: 1e9 }),
  () => ({ length: { valueOf: 1, toString: 2 } }),
  () => ({ _placeholder: true, num: 0 }),
  () => nested(500),
  () => Array(2_000).fill(0) as Json,
  () => Array(300).fill({}) as Json,
]

type Place = { holder: Json[] | { [key: string]: Json }; key: string | number }

function placesIn(value: Json, places: Place[] = []): Place[] {
  if (value === null || typeof value !== 'object') return places
  for (const key of Object.keys(value)) {
    places.push({ holder: value, key: Array.isArray(value) ? Number(key) : key })
    placesIn((value as { [key: string]: Json })[key] as Json, places)
  }
  return places
}

/** One to four changes at random places: gone, hostile, doubled, renamed, wrapped, or a stranger beside it. */
export function mutate(original: Json, random: Random): Json {
  const root = { value: structuredClone(original) }
  for (let change = 1 + random.below(4); change > 0; change -= 1) {
    const { holder, key } = random.pick(placesIn(root as unknown as Json))
    const slots = holder as { [key: string]: Json }
    const old = slots[key] as Json
    const kind = random.below(6)
    if (kind === 0 && holder !== (root as unknown)) delete slots[key]
    else if (kind === 1) slots[key] = [old, old]
    else if (kind === 2) slots[key] = { value: old }
    else if (kind === 3) slots[`${key}x`] = old
    else slots[key] = random.pick(HOSTILE)()
  }
  return root.value as Json
}

/** Bytes of a text flipped, cut out or doubled: mostly no JSON any more. */
export function corrupt(text: string, random: Random): string {
  let broken = text
  for (let change = 1 + random.below(5); change > 0; change -= 1) {
    const at = random.below(broken.length)
    const kind = random.below(4)
    const byte = String.fromCharCode(random.below(256))
    if (kind === 0) broken = broken.slice(0, at) + byte + broken.slice(at + 1)
    else if (kind === 1) broken = broken.slice(0, at) + broken.slice(at + 1 + random.below(20))
    else if (kind === 2) broken = broken.slice(0, at) + broken.slice(0, at)
    else broken = broken.slice(0, at)
  }
  return broken
}
