import { Client } from 'pg'
import type { SignedManifest } from '../wire/evidence'
import type { IncidentReport } from '../wire/incident'

/** What the platform has on record, read from its database as the owner: the lab's own look, past every transport. */

export type IncidentRecord = {
  id: string
  nodeName: string
  state: string
  report: IncidentReport
  evidence: {
    storedPath: string | null
    state: string
    sha256: string
    publicKeys: string[]
    signed: SignedManifest
  } | null
  openedMessages: number
}

export type Records = { incidents: IncidentRecord[]; surges: { nodeName: string; reasons: unknown[] }[] }

const INCIDENTS = `
  select i.id, n.name as "nodeName", i.state, i.report,
    (select json_build_object('storedPath', e.stored_path, 'state', e.state, 'sha256', e.sha256, 'signed', e.manifest,
       'publicKeys', (select json_agg(c.public_key) from node_credential c where c.node_id = i.node_id))
     from evidence e where e.workspace_id = i.workspace_id and e.incident_id = i.id order by e.registered_at desc limit 1) as evidence,
    (select count(*)::int from outgoing_message m where m.workspace_id = i.workspace_id and m.incident_id = i.id
       and m.kind like '%opened%') as "openedMessages"
  from incident i join node n on n.workspace_id = i.workspace_id and n.id = i.node_id
  where i.workspace_id = $1 and i.detected_at >= to_timestamp($2::float8 / 1e6)
  order by i.detected_at`

const SURGES = `
  select n.name as "nodeName", s.reasons from surge s join node n on n.workspace_id = s.workspace_id and n.id = s.node_id
  where s.workspace_id = $1 and s.at >= to_timestamp($2::float8 / 1e6) order by s.at`

let client: Client | null = null

/** Incidents and surges of a workspace since `sinceUs`. Keeps its connection for the next look. */
export async function readRecords(databaseUrl: string, workspaceUuid: string, sinceUs: number): Promise<Records> {
  if (client === null) {
    client = new Client({ connectionString: databaseUrl })
    client.on('error', () => {
      client = null
    })
    await client.connect()
  }
  const incidents = await client.query<IncidentRecord>(INCIDENTS, [workspaceUuid, sinceUs])
  const surges = await client.query<Records['surges'][number]>(SURGES, [workspaceUuid, sinceUs])
  return { incidents: incidents.rows, surges: surges.rows }
}

/** A prefixed id's uuid: `inc_` or `ws_` and 32 hex digits; a bare uuid stays itself. */
export function uuidOf(id: string): string {
  const hex = /^[a-z]+_([0-9a-f]{32})$/.exec(id)?.[1]
  return hex === undefined ? id : hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export const prefixed = (prefix: string, uuid: string): string => `${prefix}_${uuidOf(uuid).replaceAll('-', '')}`
