/** The public pages, in the order of the bar. */
export const PLACES = [
  { href: '/esports', name: 'Esports' },
  { href: '/streaming', name: 'Streaming' },
  { href: '/pricing', name: 'Pricing' },
  { href: '/guide', name: 'Guide' },
  { href: '/faq', name: 'Questions' },
] as const

/** What search engines may list. */
export const LISTED = ['/', ...PLACES.map(({ href }) => href), '/measured', '/book'] as const
