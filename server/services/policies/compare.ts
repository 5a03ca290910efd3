import type { PolicyAction } from '../../../wire/messages'
import { VECTOR_IDS, VECTORS, type VectorId } from '../../../wire/vectors'
import { parseNetwork } from '../../core/networks'
import type { FriendList, PolicySettings } from './settings'

/** One line of what differs between two policies, in words. */
export type Change = { what: string; before: string; after: string }

const ACTION_WORDS: Record<PolicyAction, string> = { observe: 'observe', limit: 'limit', drop: 'drop' }

export function changesBetween(before: PolicySettings, after: PolicySettings): Change[] {
  const changes: Change[] = []
  const add = (what: string, was: string, is: string): void => {
    if (was !== is) changes.push({ what, before: was, after: is })
  }
  add('Certain vectors', ACTION_WORDS[before.certain], ACTION_WORDS[after.certain])
  add('Doubtful vectors', ACTION_WORDS[before.doubtful], ACTION_WORDS[after.doubtful])
  const own = ({ vectors }: PolicySettings, id: VectorId): string => ownAction(vectors[id])
  for (const id of VECTOR_IDS) add(VECTORS[id].name, own(before, id), own(after, id))
  add('New sources, while limited', `${before.newSourcePps} pps`, `${after.newSourcePps} pps`)
  add('Quiet time before it is over', `${before.holdMs / 1_000} s`, `${after.holdMs / 1_000} s`)
  for (const name of new Set([...before.friends, ...after.friends].map((list) => list.name)))
    add(`Friends “${name}”`, networksIn(before.friends, name), networksIn(after.friends, name))
  return changes
}

const ownAction = (action: PolicyAction | undefined): string =>
  action === undefined ? 'by proof' : ACTION_WORDS[action]

const SHOWN_MAX = 4

function networksIn(friends: readonly FriendList[], name: string): string {
  const networks = friends.find((list) => list.name === name)?.networks
  if (networks === undefined) return 'none'
  const shown = networks.slice(0, SHOWN_MAX).join(', ')
  // The count is told where the first few do not tell all.
  return networks.length > SHOWN_MAX ? `${networks.length} networks: ${shown}, …` : shown
}

/** What a setting may do to people, for whoever is about to save it. `key` names the setting with its value. */
export type Danger = { key: string; title: string; text: string }

const LOW_PPS = 50
const HIGH_PPS = 10_000
const SHORT_HOLD_MS = 15_000
const LONG_HOLD_MS = 15 * 60_000
/** Wider than this, a network holds attackers whoever it belongs to. */
const WIDE_PREFIX = { 4: 8, 6: 19 } as const

const named = (ids: readonly VectorId[]): string => {
  const names = ids.slice(0, 3).map((id) => VECTORS[id].name)
  return `${names.join(', ')}${ids.length > 3 ? ` and ${ids.length - 3} more` : ''}`
}

/** Vectors that only a fingerprint or nothing at all tells from an audience. */
const isDoubtfulKind = (id: VectorId): boolean => VECTORS[id].kind !== 'reflection'

function actionDangers(settings: PolicySettings): Danger[] {
  const own = VECTOR_IDS.filter((id) => settings.vectors[id] !== undefined)
  const observed = own.filter((id) => settings.vectors[id] === 'observe')
  const dropped = own.filter((id) => settings.vectors[id] === 'drop' && isDoubtfulKind(id))
  const dangers: Danger[] = []
  if (settings.certain === 'observe')
    dangers.push({
      key: 'observe_certain',
      title: 'Proven attacks reach the servers in full',
      text: 'What its signature proves would only be counted. A flood arrives undiminished until somebody changes this: matches lag or stop.',
    })
  if (settings.doubtful === 'observe')
    dangers.push({
      key: 'observe_doubtful',
      title: 'Floods without a signature reach the servers in full',
      text: 'UDP and SYN floods at the game port are usually doubtful. They would only be counted, and nothing would hold them back.',
    })
  if (observed.length > 0)
    dangers.push({
      key: `observe:${observed.join()}`,
      title: `${named(observed)}: only counted`,
      text: 'Attacks of this kind reach the servers in full, however certain their name is.',
    })
  if (settings.doubtful === 'drop')
    dangers.push({
      key: 'drop_doubtful',
      title: 'What only looks like an attack is dropped',
      text: 'A fingerprint that players share by chance drops their packets. Clients verified before the attack stay connected; whoever joins during it may be shut out.',
    })
  if (dropped.length > 0)
    dangers.push({
      key: `drop:${dropped.join()}`,
      title: `${named(dropped)}: dropped even when doubtful`,
      text: 'Whoever joins while such an attack lasts and sends packets like it is shut out until it is over.',
    })
  return dangers
}

function figureDangers({ newSourcePps, holdMs }: PolicySettings): Danger[] {
  const dangers: Danger[] = []
  if (newSourcePps < LOW_PPS)
    dangers.push({
      key: `low_rate:${newSourcePps}`,
      title: `${newSourcePps} packets a second for all new players together`,
      text: 'One player of a shooter sends 30 to 130. While an attack is limited, hardly anybody who is not verified yet can join.',
    })
  if (newSourcePps > HIGH_PPS)
    dangers.push({
      key: `high_rate:${newSourcePps}`,
      title: `${newSourcePps} packets a second of an attack get through`,
      text: 'A limit lets this much of a doubtful flood reach the server. A game server may be overwhelmed by less.',
    })
  if (holdMs < SHORT_HOLD_MS)
    dangers.push({
      key: `short_hold:${holdMs}`,
      title: `Rules go after ${holdMs / 1_000} quiet seconds`,
      text: 'An attacker who pauses for longer starts anew each time: each pulse is an incident of its own, with an alert of its own.',
    })
  if (holdMs > LONG_HOLD_MS)
    dangers.push({
      key: `long_hold:${holdMs}`,
      title: `An incident stays open for ${Math.round(holdMs / 60_000)} quiet minutes`,
      text: 'The status page and the board say so for as long. Rules only count in the meantime.',
    })
  return dangers
}

function friendDangers({ friends }: PolicySettings): Danger[] {
  const wide = friends
    .flatMap(({ networks }) => networks)
    .filter((network) => {
      const { family, prefix } = parseNetwork(network)
      return prefix < WIDE_PREFIX[family]
    })
  if (wide.length === 0) return []
  const isAll = wide.some((network) => network.endsWith('/0'))
  return [
    {
      key: `wide_friends:${wide.join()}`,
      title: isAll
        ? 'Everybody is a friend: no limit holds anybody back'
        : `${wide.slice(0, 3).join(', ')}: a wide friend`,
      text: isAll
        ? 'Doubtful floods reach the servers in full. Only what a signature or fingerprint proves is dropped.'
        : 'Attackers in so wide a range are never limited either. Name the ranges of the service itself.',
    },
  ]
}

export const dangersOf = (settings: PolicySettings): Danger[] => [
  ...actionDangers(settings),
  ...figureDangers(settings),
  ...friendDangers(settings),
]

/** Dangers that a change brings; those that hold already were confirmed by whoever saved them. */
export function newDangers(before: PolicySettings, after: PolicySettings): Danger[] {
  const known = new Set(dangersOf(before).map(({ key }) => key))
  return dangersOf(after).filter(({ key }) => !known.has(key))
}
