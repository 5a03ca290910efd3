import pg from 'pg'
import { hashPassword } from '../../server/auth/password'
import { newId } from '../../server/core/ids'
import type { Person } from './story'

/** A second workspace with an owner of its own, made by the owner of the tables. */
export async function addNeighbour(databaseUrl: string): Promise<{ slug: string; owner: Person }> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  const [workspaceId, userId] = [newId(), newId()]
  // A database that is kept between runs has one from before.
  const slug = `neighbour-${workspaceId.slice(-6)}`
  const owner = { email: `${slug}@example.org`, password: `${newId()}-pier` }
  await client.query('INSERT INTO workspace (id, slug, name) VALUES ($1, $2, $3)', [workspaceId, slug, 'Neighbour'])
  await client.query('INSERT INTO user_account (id, email, name, password_hash) VALUES ($1, $2, $3, $4)', [
    userId,
    owner.email,
    'Nika Neighbour',
    await hashPassword(owner.password),
  ])
  await addGrant(client, { workspaceId, userId, role: 'owner' })
  await client.end()
  return { slug, owner }
}

async function addGrant(client: pg.Client, grant: { workspaceId: string; userId: string; role: string }) {
  const { workspaceId, userId, role } = grant
  const memberId = newId()
  await client.query('INSERT INTO member (workspace_id, id, user_id) VALUES ($1, $2, $3)', [
    workspaceId,
    memberId,
    userId,
  ])
  await client.query(
    'INSERT INTO member_grant (workspace_id, id, member_id, role, valid_from) VALUES ($1, $2, $3, $4, now())',
    [workspaceId, newId(), memberId, role],
  )
}

/** One more member of a workspace, with this role. */
export async function addMember(databaseUrl: string, workspaceId: string, role: string): Promise<Person> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  const person = { email: `${role}-${newId()}@example.org`, password: `${newId()}-mole` }
  const userId = newId()
  await client.query('INSERT INTO user_account (id, email, name, password_hash) VALUES ($1, $2, $3, $4)', [
    userId,
    person.email,
    `Robin the ${role}`,
    await hashPassword(person.password),
  ])
  await addGrant(client, { workspaceId, userId, role })
  await client.end()
  return person
}
