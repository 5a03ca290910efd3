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

/** Ways to pay for nodes. */
export const PLANS = ['monthly', 'annual', 'whiteLabel'] as const
export type Plan = (typeof PLANS)[number]

const NODE_CENTS: Record<Plan, number> = {
  monthly: PRICES.node.monthly,
  annual: PRICES.node.annualPerMonth,
  whiteLabel: PRICES.node.whiteLabelMonthly,
}

export type Estimate = {
  nodeCents: number
  nodesPerMonthCents: number
  flowSourcesPerMonthCents: number
  perMonthCents: number
  /** Paid at the beginning of a year for its nodes; null where they are paid month by month. */
  nodesPrepaidCents: number | null
  /** Paid once, and credited in full to the balance. */
  onceCents: number
}

/** What nodes and flow sources come to, before tax. */
export function estimate({ plan, nodes, flowSources }: { plan: Plan; nodes: number; flowSources: number }): Estimate {
  const nodeCents = NODE_CENTS[plan]
  const nodesPerMonthCents = nodes * nodeCents
  const flowSourcesPerMonthCents = flowSourcesCents(flowSources)
  return {
    nodeCents,
    nodesPerMonthCents,
    flowSourcesPerMonthCents,
    perMonthCents: nodesPerMonthCents + flowSourcesPerMonthCents,
    nodesPrepaidCents: plan === 'annual' ? nodesPerMonthCents * 12 : null,
    onceCents: plan === 'whiteLabel' ? PRICES.whiteLabelOnce : 0,
  }
}

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
