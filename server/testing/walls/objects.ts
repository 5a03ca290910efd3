import { statSync } from 'node:fs'
import { systemClock } from '../../core/clock'
import { formatId, newId, parseId } from '../../core/ids'
import { createSealer } from '../../core/seal'
import { MINUTE_MS } from '../../core/units'
import { createBoardLink } from '../../services/boards/links'
import { completeEvidenceUpload } from '../../services/evidence/complete-upload'
import { registerEvidence } from '../../services/evidence/register'
import { getIncident } from '../../services/incidents/get'
import { recordIncident } from '../../services/incidents/record'
import { createInvite } from '../../services/invites/create'
import { listMembers } from '../../services/members/list'
import { addNote } from '../../services/notes/add'
import { stopMitigation } from '../../services/policies/stop'
import { createKey, simulatedBundle, simulatedReport } from '../agent-simulator'
import { addCalendar, addImportedMatch } from '../calendars'
import type { TestWorkspace } from '../factories'

export const SEALER = createSealer(['a key of this test with thirty-two characters'])

/** How one of each kind comes to be; `node` is the node that incidents and the first group are about. */
const MAKERS = {
  node: async (workspace) => formatId('nd', (await workspace.addNode(`node-${newId().slice(-12)}`)).id),
  incident: addIncident,
  group: async (workspace) => formatId('grp', await workspace.addGroup(newId())),
  member: async (workspace) => formatId('mem', (await addMember(workspace)).id),
  grant: async (workspace) => formatId('grt', (await addMember(workspace)).grants[0]?.id as string),
  invite: addInvite,
  note: async (workspace) => addNoteTo(workspace, await addIncident(workspace)),
  event: async (workspace) => formatId('grp', await workspace.addGroup(newId(), [], { kind: 'event' })),
  importedMatch: addImportedMatch,
  // An address that the guard refuses: nothing is asked for.
  calendar: async (workspace) =>
    formatId(
      'cal',
      await addCalendar(workspace, await workspace.addGroup(newId(), [], { kind: 'event' }), 'https://192.0.2.1/'),
    ),
  boardLink: addBoardLink,
  stop: async (workspace) => addStop(workspace, await workspace.addGroup(newId())),
} as const satisfies Record<string, (workspace: TestWorkspace) => Promise<string>>

export type Kind = keyof typeof MAKERS
export type Ids = Record<Kind, string>

export const make = (kind: Kind, workspace: TestWorkspace): Promise<string> => MAKERS[kind](workspace)

/** One of everything in a workspace: the node with the incident lies in the group. */
export async function fill(workspace: TestWorkspace): Promise<Ids> {
  const node = await workspace.addNode('match-01')
  const group = await workspace.addGroup('Match 1', [node.id])
  const incident = await addIncident(workspace, node)
  return {
    node: formatId('nd', node.id),
    incident,
    note: await addNoteTo(workspace, incident),
    group: formatId('grp', group),
    member: await make('member', workspace),
    grant: await make('grant', workspace),
    invite: await make('invite', workspace),
    event: await make('event', workspace),
    importedMatch: await make('importedMatch', workspace),
    calendar: await make('calendar', workspace),
    boardLink: await make('boardLink', workspace),
    stop: await addStop(workspace, group),
  }
}

type Node = Awaited<ReturnType<TestWorkspace['addNode']>>

async function addIncident(workspace: TestWorkspace, on?: Node): Promise<string> {
  const node = on ?? (await workspace.addNode(`node-${newId().slice(-12)}`))
  const report = simulatedReport()
  const event = { atUs: report.stages.detectedUs, kind: 'opened', text: 'A flood.' } as const
  await recordIncident({ ctx: node.ctx, input: { nodeId: node.id, event, report } })
  return formatId('inc', report.id)
}

/** A bundle of that incident, uploaded; its bytes are those of the file. */
export async function addEvidence(workspace: TestWorkspace, incident: string, path: string): Promise<void> {
  const incidentId = parseId('inc', incident)
  const { nodeId } = await getIncident({ ctx: workspace.asJob, input: { id: incidentId } })
  const { size: bytes } = statSync(path)
  const key = createKey()
  await workspace.addKey(nodeId, key.publicKey)
  const { body } = simulatedBundle(incidentId, formatId('nd', nodeId), key, bytes)
  if (body.type !== 'evidence') throw new Error('not an announcement')
  const { bundle, signed } = body
  await registerEvidence({ ctx: workspace.asJob, input: { nodeId, incidentId, bundle, signed } })
  await completeEvidenceUpload({ ctx: workspace.asJob, input: { nodeId, ...bundle, path } })
}

async function addNoteTo(workspace: TestWorkspace, incident: string): Promise<string> {
  const ctx = await workspace.as('operator')
  const note = await addNote({ ctx, input: { incidentId: parseId('inc', incident), text: 'Seen.' } })
  return formatId('note', note.id)
}

async function addStop(workspace: TestWorkspace, groupId: string): Promise<string> {
  const input = { scope: { groupId }, minutes: 15, reason: 'players are lost' } as const
  return formatId('stp', (await stopMitigation({ ctx: workspace.asJob, input })).id)
}

async function addMember(workspace: TestWorkspace) {
  await workspace.as('analyst')
  const member = (await listMembers({ ctx: workspace.asJob })).at(-1)
  if (!member) throw new Error('No member was added.')
  return member
}

/** Mailed long enough ago to be mailed again. */
async function addInvite(workspace: TestWorkspace): Promise<string> {
  const clock = { ...systemClock, now: () => Date.now() - 2 * MINUTE_MS }
  const input = { email: `${newId()}@example.org`, grant: { role: 'analyst' } } as const
  const made = await createInvite({
    ctx: { ...workspace.asJob, clock },
    input,
    sealer: SEALER,
    origin: 'https://security.example.org',
  })
  return formatId('inv', made.id)
}

async function addBoardLink(workspace: TestWorkspace): Promise<string> {
  const groupId = await workspace.addGroup(newId())
  const input = { groupId, name: 'Studio', expiresMs: Date.now() + 60 * MINUTE_MS }
  return formatId('bl', (await createBoardLink({ ctx: workspace.asJob, input })).id)
}
