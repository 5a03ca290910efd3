import type { Policy } from '../../wire/messages'

/** What a node does before its platform told it otherwise: cut what is proved, hold new sources where it is not. */
export const DEFAULT_POLICY: Policy = {
  name: 'default',
  version: 0,
  certain: 'drop',
  doubtful: 'limit',
  newSourcePps: 200,
  holdMs: 25_000,
}
