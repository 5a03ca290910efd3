import { systemClock } from '../../core/clock'
import { formatId, newId } from '../../core/ids'
import { createSealer } from '../../core/seal'
import { MINUTE_MS } from '../../core/units'
import { recordIncident } from '../../services/incidents/record'
import { createInvite } from '../../services/invites/create'
import { listMembers } from '../../services/members/list'
import { simulatedReport } from '../agent-simulator'
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
} as const satisfies Record<string, (workspace: TestWorkspace) => Promise<string>>

export type Kind = keyof typeof MAKERS
export type Ids = Record<Kind, string>

export const make = (kind: Kind, workspace: TestWorkspace): Promise<string> => MAKERS[kind](workspace)

/** One of everything in a workspace: the node with the incident lies in the group. */
export async function fill(workspace: TestWorkspace): Promise<Ids> {
  const node = await workspace.addNode('match-01')
  return {
    node: formatId('nd', node.id),
    incident: await addIncident(workspace, node),
    group: formatId('grp', await workspace.addGroup('Match 1', [node.id])),
    member: await make('member', workspace),
    grant: await make('grant', workspace),
    invite: await make('invite', workspace),
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
