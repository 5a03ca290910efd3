/** Under whose name the product appears. */
export type Brand = {
  productName: string
  /** Name of the agent's command on a node. */
  agentCommand: string
  signIn: { heading: string; text: string }
  /** What the public pages say of it first. */
  site: { heading: string; title: string; description: string }
}

/** The only place that names the product to people. */
const DEFAULT_BRAND: Brand = {
  productName: 'Tidegate',
  agentCommand: 'tidegate',
  signIn: { heading: 'Sign in', text: 'See what your match servers go through, and what was done about it.' },
  site: {
    heading: 'DDoS floods, dropped on your own servers in milliseconds',
    title: 'Tidegate: DDoS protection for match servers and live streams',
    description:
      'An agent on each Linux server sees a DDoS flood begin, names it and drops it in the kernel in milliseconds. Players and viewers stay connected. A price per server and nothing else.',
  },
}

export const defaultBrand = (): Brand => DEFAULT_BRAND
