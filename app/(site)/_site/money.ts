const whole = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 })
const exact = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })

/** $9.99, and $200 where there are no cents. */
export const dollars = (cents: number): string => (cents % 100 === 0 ? whole : exact).format(cents / 100)

/** With its cents always, for columns. */
export const exactDollars = (cents: number): string => exact.format(cents / 100)
