import { Client } from 'pg'
import { until } from './clock'

/**
 * Stops the platform at a named place of the main job without a word of its own code: by locks that somebody else holds
 * in its database. What waits for a lock is seen in pg_locks; whoever dies lets go.
 */

/** Advisory locks that triggers of this database, and of no product, ask for. */
const LOCKS = { claim: 4_711, record: 4_712 } as const

const TRIGGERS = `
  CREATE OR REPLACE FUNCTION held_claim() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock_shared(${LOCKS.claim}); RETURN NEW; END $$;
  CREATE OR REPLACE FUNCTION held_record() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock_shared(${LOCKS.record}); RETURN NEW; END $$;
  CREATE OR REPLACE TRIGGER held_claim BEFORE UPDATE ON outgoing_message FOR EACH ROW
    WHEN (NEW.state = 'sending') EXECUTE FUNCTION held_claim();
  CREATE OR REPLACE TRIGGER held_record BEFORE INSERT ON delivery FOR EACH ROW EXECUTE FUNCTION held_record();`

export type Place = 'store' | 'claim' | 'record'

export type Hold = {
  /** Resolves when the platform stands at the place. */
  reached: () => Promise<void>
  release: () => Promise<void>
}

export async function installHolds(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, (client) => client.query(TRIGGERS))
}

const TAKE: Record<Place, string> = {
  store: 'BEGIN; LOCK TABLE incident IN SHARE ROW EXCLUSIVE MODE',
  claim: `SELECT pg_advisory_lock(${LOCKS.claim})`,
  record: `SELECT pg_advisory_lock(${LOCKS.record})`,
}

const WAITING: Record<Place, string> = {
  store: "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'incident'::regclass",
  claim: `SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND objid = ${LOCKS.claim}`,
  record: `SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND objid = ${LOCKS.record}`,
}

/** Holds a place until it is released, or the database dies. */
export async function holdAt(databaseUrl: string, place: Place): Promise<Hold> {
  const client = new Client({ connectionString: databaseUrl })
  client.on('error', () => {})
  await client.connect()
  await client.query(TAKE[place])
  return {
    reached: () =>
      until(
        `the platform to stand at ${place}`,
        async () => ((await client.query(WAITING[place])).rows.length > 0 ? true : null),
        { timeoutMs: 20_000, everyMs: 20 },
      ).then(() => undefined),
    release: () => client.end().catch(() => undefined),
  }
}

export async function withClient<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
