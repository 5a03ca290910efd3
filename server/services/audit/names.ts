import { Prisma, type Tx } from '../../db/pool'

/** What is asked for, of a column that holds an id: as a uuid or as text. All where null. */
type Wanted = { uuids: readonly string[]; texts: readonly string[] } | null

/** What ids in a log stand for: people, nodes and all that has a name. Who left the workspace is known from the row that says so. */
const named = (workspaceId: string, wanted: Wanted): Prisma.Sql => {
  const ws = Prisma.sql`${workspaceId}::uuid`
  const is = (column: Prisma.Sql): Prisma.Sql =>
    wanted ? Prisma.sql`AND ${column} = ANY (${[...wanted.uuids]}::uuid[])` : Prisma.empty
  const says = (column: Prisma.Sql): Prisma.Sql =>
    wanted ? Prisma.sql`AND ${column} = ANY (${[...wanted.texts]}::text[])` : Prisma.empty
  return Prisma.sql`
    SELECT u.id::text AS id, u.name FROM user_account u JOIN member m ON m.workspace_id = ${ws} AND m.user_id = u.id
      WHERE true ${is(Prisma.sql`u.id`)}
    UNION ALL SELECT m.id::text, u.name FROM member m JOIN user_account u ON u.id = m.user_id
      WHERE m.workspace_id = ${ws} ${is(Prisma.sql`m.id`)}
    UNION ALL SELECT e.before ->> 'userId', e.before ->> 'name' FROM audit_entry e WHERE e.workspace_id = ${ws}
      AND e.action = 'member.remove' AND e.before ? 'name' ${says(Prisma.sql`(e.before ->> 'userId')`)}
    UNION ALL SELECT e.subject_id, e.before ->> 'name' FROM audit_entry e WHERE e.workspace_id = ${ws}
      AND e.action = 'member.remove' AND e.before ? 'name' ${says(Prisma.sql`e.subject_id`)}
    UNION ALL SELECT w.id::text, w.name FROM workspace w WHERE w.id = ${ws} ${is(Prisma.sql`w.id`)}
    UNION ALL SELECT n.id::text, n.name FROM node n WHERE n.workspace_id = ${ws} ${is(Prisma.sql`n.id`)}
    UNION ALL SELECT g.id::text, g.name FROM node_group g WHERE g.workspace_id = ${ws} ${is(Prisma.sql`g.id`)}
    UNION ALL SELECT c.id::text, c.name FROM calendar c WHERE c.workspace_id = ${ws} ${is(Prisma.sql`c.id`)}
    UNION ALL SELECT d.id::text, d.name FROM destination d WHERE d.workspace_id = ${ws} ${is(Prisma.sql`d.id`)}
    UNION ALL SELECT i.id::text, i.email FROM invite i WHERE i.workspace_id = ${ws} ${is(Prisma.sql`i.id`)}
    UNION ALL SELECT t.id::text, t.node_name FROM enrolment_token t WHERE t.workspace_id = ${ws} ${is(Prisma.sql`t.id`)}
    UNION ALL SELECT i.id::text, n.name FROM incident i JOIN node n ON n.workspace_id = i.workspace_id AND n.id = i.node_id
      WHERE i.workspace_id = ${ws} ${is(Prisma.sql`i.id`)}`
}

type Named = { id: string; name: string }

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Names for these ids, as far as they are known. */
export async function namesOfIds(tx: Tx, workspaceId: string, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const wanted = { texts: ids, uuids: ids.filter((id) => UUID.test(id)) }
  const rows = await tx.$queryRaw<Named[]>`SELECT id, name FROM (${named(workspaceId, wanted)}) AS named`
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Ids of what has this in its name. */
export const idsNamed = (workspaceId: string, pattern: string): Prisma.Sql =>
  Prisma.sql`SELECT id FROM (${named(workspaceId, null)}) AS named WHERE name ILIKE ${pattern}`
