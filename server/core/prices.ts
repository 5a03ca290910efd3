/** The only table of prices. Amounts in US cents; the pricing page and the payment provider both read it. */
export const PRICES = {
  node: { monthly: 999, annualPerMonth: 799, whiteLabelMonthly: 799 },
  whiteLabelOnce: 20_000,
  /** Graduated: each source costs the price of the tier it falls into. */
  flowSourceMonthly: [
    { upTo: 5, cents: 1_900 },
    { upTo: 20, cents: 1_700 },
    { upTo: 100, cents: 1_500 },
    { upTo: null, cents: 1_200 },
  ],
  trialDays: 7,
} as const

/** What this many flow sources cost a month, in US cents. */
export function flowSourcesCents(count: number): number {
  let cents = 0
  let below = 0
  for (const tier of PRICES.flowSourceMonthly) {
    const upTo = tier.upTo ?? Number.POSITIVE_INFINITY
    cents += Math.max(0, Math.min(count, upTo) - below) * tier.cents
    below = upTo
    if (count <= upTo) break
  }
  return cents
}
