import type { Settings } from '@/server/trpc/policy-view'
import type { PolicyAction } from '../../wire/messages'
import { VECTOR_IDS, VECTORS, type VectorId, type VectorKind } from '../../wire/vectors'

/** What the fields hold: figures and networks as they are typed. */
export type PolicyDraft = Pick<Settings, 'certain' | 'doubtful' | 'vectors'> & {
  newSourcePps: string
  holdS: string
  friends: { key: number; name: string; text: string }[]
}

export const toDraft = ({ certain, doubtful, vectors, newSourcePps, holdMs, friends }: Settings): PolicyDraft => ({
  certain,
  doubtful,
  vectors,
  newSourcePps: String(newSourcePps),
  holdS: String(holdMs / 1_000),
  friends: friends.map(({ name, networks }, key) => ({ key, name, text: networks.join('\n') })),
})

/** Networks stand apart by line breaks, blanks or commas; what follows `#` is a note. */
export const networksOf = (text: string): string[] =>
  text
    .split('\n')
    .flatMap((line) => line.replace(/#.*/, '').split(/[\s,;]+/))
    .filter((part) => part !== '')

export const toSettings = ({ newSourcePps, holdS, friends, ...actions }: PolicyDraft): Settings => ({
  ...actions,
  newSourcePps: Number(newSourcePps),
  holdMs: Math.round(Number(holdS) * 1_000),
  friends: friends.map(({ name, text }) => ({ name, networks: networksOf(text) })),
})

export const isSameDraft = (left: PolicyDraft, right: PolicyDraft): boolean =>
  JSON.stringify(sorted(left)) === JSON.stringify(sorted(right))

const sorted = (draft: PolicyDraft): unknown => {
  const { vectors, friends, ...rest } = toSettings(draft)
  return [rest, VECTOR_IDS.map((id) => vectors[id] ?? null), friends]
}

/** `null` goes back to what the vector's proof decides. */
export function withAction(draft: PolicyDraft, id: VectorId, action: PolicyAction | null): PolicyDraft {
  const { [id]: _, ...vectors } = draft.vectors
  return { ...draft, vectors: action === null ? vectors : { ...vectors, [id]: action } }
}

export const KIND_WORDS: Record<VectorKind, string> = {
  reflection: 'Reflection',
  udp: 'UDP floods',
  tcp: 'TCP floods',
}

export const vectorsOfKind = (kind: VectorKind): VectorId[] => VECTOR_IDS.filter((id) => VECTORS[id].kind === kind)

export const ACTION_WORDS: Record<PolicyAction, string> = { observe: 'Observe', limit: 'Limit', drop: 'Drop' }

/** What an action makes of packets, for a sentence. */
export const ACTION_DONE: Record<PolicyAction, string> = {
  observe: 'only counted',
  limit: 'limited',
  drop: 'dropped',
}
