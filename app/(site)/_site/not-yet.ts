/** What a newcomer would expect and does not find yet. Whoever builds one takes its line away. */
export const NOT_YET = [
  {
    title: 'Help from upstream',
    text: 'BGP FlowSpec, remote blackholing and cloud scrubbing are not connected yet. A flood larger than your uplink still needs your provider: the guide says what to agree with them beforehand.',
  },
  {
    title: 'Flow sources',
    text: 'sFlow, NetFlow and IPFIX have a price and no collector yet. None is billed until there is one.',
  },
  {
    title: 'More channels',
    text: 'Alerts go out as mail and as signed webhooks. PagerDuty, Opsgenie, Slack and Discord come next.',
  },
  {
    title: 'Your own domain and brand',
    text: 'White-label is priced and not on sale yet.',
  },
] as const
