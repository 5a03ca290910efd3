import { formatId, ID_PREFIXES, type IdPrefix } from '../core/ids'
import type { FrozenPolicy } from '../services/incidents/get'
import type { ScopePolicy } from '../services/policies/get'
import type { NodePolicy } from '../services/policies/get-for-node'
import type { Holding } from '../services/policies/holds'
import type { PolicyScope } from '../services/policies/list'
import type { ActiveStop } from '../services/policies/list-stops'
import type { RuleOutcome } from '../services/policies/outcome'
import type { Review } from '../services/policies/review'
import type { PolicySettings, Scope } from '../services/policies/settings'
import type { PolicyVersion } from '../services/policies/versions'

export type Settings = PolicySettings
export type { Change, Danger } from '../services/policies/compare'

/** `id`: null for the workspace, else as it stands in addresses. */
export type ScopeView = { kind: Scope['kind']; id: string | null; name: string }

export const toScopeView = ({ kind, id, name }: Scope): ScopeView => ({
  kind,
  id: kind === 'workspace' ? null : formatId(prefixOf(kind), id),
  name,
})

const prefixOf = (kind: 'group' | 'node'): IdPrefix => ID_PREFIXES[kind]

export type NameOf = (userId: string) => string | null

type By = { kind: string; id: string }
const whoOf = ({ kind, id }: By, nameOf: NameOf): string =>
  kind === 'user' ? (nameOf(id) ?? 'somebody who left') : 'the platform'

export type PolicyScopeView = ScopeView & {
  parentId: string | null
  groupKind: PolicyScope['groupKind']
  own: { version: number; savedMs: number; savedBy: string } | null
  from: ScopeView
  nodes: number
  holding: number
}

export const toPolicyScope = (one: PolicyScope, nameOf: NameOf): PolicyScopeView => ({
  ...toScopeView(one.scope),
  parentId: one.parentId && formatId('grp', one.parentId),
  groupKind: one.groupKind,
  own: one.own && {
    version: one.own.version,
    savedMs: one.own.savedAt.getTime(),
    savedBy: whoOf(one.own.savedBy, nameOf),
  },
  from: toScopeView(one.from),
  nodes: one.nodes,
  holding: one.holding,
})

export type PolicyDetail = {
  scope: ScopeView
  own: PolicyScopeView['own']
  versions: number
  settings: Settings
  inherited: { scope: ScopeView; version: number; isBuiltIn: boolean; settings: Settings }
  nodes: { id: string; name: string; isOnline: boolean; from: ScopeView; holds: Holding }[]
  openIncidents: number
  may: { update: boolean; stop: boolean }
}

export const toPolicyDetail = ({ own, inherited, ...policy }: ScopePolicy, nameOf: NameOf): PolicyDetail => ({
  scope: toScopeView(policy.scope),
  own: own && { version: own.version, savedMs: own.savedAt.getTime(), savedBy: whoOf(own.savedBy, nameOf) },
  versions: policy.versions,
  settings: policy.settings,
  inherited: {
    scope: toScopeView(inherited.scope),
    version: inherited.version,
    isBuiltIn: inherited.id === null,
    settings: inherited.settings,
  },
  nodes: policy.nodes.map(({ id, from, ...node }) => ({ ...node, id: formatId('nd', id), from: toScopeView(from) })),
  openIncidents: policy.openIncidents,
  may: policy.may,
})

export type PolicyVersionView = Pick<PolicyVersion, 'version' | 'settings' | 'changes'> & {
  savedMs: number
  savedBy: string
}

export const toPolicyVersion = (
  { version, settings, changes, savedAt, savedBy }: PolicyVersion,
  nameOf: NameOf,
): PolicyVersionView => ({ version, settings, changes, savedMs: savedAt.getTime(), savedBy: whoOf(savedBy, nameOf) })

export type StopView = {
  id: string
  scope: ScopeView
  reason: string | null
  startedMs: number
  /** Null with the reason. */
  startedBy: string | null
  untilMs: number
  mayResume: boolean
}

export const toStop = (stop: ActiveStop, nameOf: NameOf): StopView => ({
  id: formatId('stp', stop.id),
  scope: toScopeView(stop.scope),
  reason: stop.reason,
  startedMs: stop.startedAt.getTime(),
  startedBy: stop.reason === null ? null : whoOf({ kind: 'user', id: stop.startedBy }, nameOf),
  untilMs: stop.until.getTime(),
  mayResume: stop.mayResume,
})

type Incident = Omit<Review['preview']['differing'][number], 'startedAt'> & { startedMs: number; rules: RuleOutcome[] }
export type ReviewView = Omit<Review, 'preview'> & {
  preview: Omit<Review['preview'], 'differing'> & { differing: Incident[] }
}

export const toReview = ({ preview, ...review }: Review): ReviewView => ({
  ...review,
  preview: {
    ...preview,
    differing: preview.differing.map(({ id, startedAt, ...one }) => ({
      ...one,
      id: formatId('inc', id),
      startedMs: startedAt.getTime(),
    })),
  },
})

export type NodePolicyView = {
  from: ScopeView
  /** Nothing was ever saved that holds here. */
  isBuiltIn: boolean
  version: number
  settings: Settings
  stoppedUntilMs: number | null
  holds: Holding
}

export const toNodePolicy = (policy: NodePolicy): NodePolicyView => ({
  from: toScopeView(policy.scope),
  isBuiltIn: policy.id === null,
  version: policy.version,
  settings: policy.settings,
  stoppedUntilMs: policy.stoppedUntil?.getTime() ?? null,
  holds: policy.holds,
})

export type IncidentPolicyView = {
  name: string
  version: number
  wasStopped: boolean
  settings: Settings | null
  /** Where it was set; null for the workspace. */
  scopeId: string | null
}

export const toIncidentPolicy = ({
  name,
  version,
  stopped,
  settings,
  groupId,
  nodeId,
}: FrozenPolicy): IncidentPolicyView => ({
  name,
  version,
  wasStopped: stopped === true,
  settings: settings ?? null,
  scopeId: groupId ? formatId('grp', groupId) : nodeId ? formatId('nd', nodeId) : null,
})
