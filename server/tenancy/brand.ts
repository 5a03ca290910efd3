/** Under whose name the product appears. */
export type Brand = {
  productName: string
  /** Name of the agent's command on a node. */
  agentCommand: string
  signIn: { heading: string; text: string }
}

/** The only place that names the product to people. */
const DEFAULT_BRAND: Brand = {
  productName: 'Tidegate',
  agentCommand: 'tidegate',
  signIn: { heading: 'Sign in', text: 'See what your match servers go through, and what was done about it.' },
}

export const defaultBrand = (): Brand => DEFAULT_BRAND
