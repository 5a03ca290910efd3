import { type Sealer, settingsPlace } from '../core/seal'
import type { EngineDb } from './pool'

/** Where something sealed is kept, and how it is replaced there by the same under the newest key. */
type Kept = { place: string; sealed: unknown; replace: { sql: string; values: unknown[] } }

type Settings = { workspaceId: string; id: string; settings: unknown }

async function destinations({ pool }: EngineDb, mark: string): Promise<Kept[]> {
  const { rows } = await pool.query<Settings>(
    'SELECT workspace_id AS "workspaceId", id, settings FROM destination_settings_to_seal($1)',
    [mark],
  )
  return rows.map(({ workspaceId, id, settings }) => ({
    place: settingsPlace(workspaceId, id),
    sealed: settings,
    replace: { sql: 'SELECT destination_settings_replace($1, $2, $3, $4)', values: [workspaceId, id] },
  }))
}

type Secret = { kind: 'second_factor' | 'sso'; id: string; secret: unknown }

/** Places as `server/auth/second-factor` and `server/services/sign-in` name them. */
async function signInSecrets({ pool }: EngineDb, mark: string): Promise<Kept[]> {
  const { rows } = await pool.query<Secret>('SELECT kind, id, secret FROM sign_in_secrets_to_seal($1)', [mark])
  return rows.map(({ kind, id, secret }) => ({
    place: `${kind}/${id}`,
    sealed: secret,
    replace: { sql: 'SELECT sign_in_secret_replace($1, $2, $3, $4)', values: [kind, id] },
  }))
}

/**
 * Seals with the newest key what lies in clear or under an older one, and gives back how many. What no listed key opens
 * stays as it is and is reported.
 */
export async function resealSettings(
  db: EngineDb,
  sealer: Sealer,
  onBroken: (place: string, error: unknown) => void,
): Promise<number> {
  let count = 0
  for (const { place, sealed, replace } of [
    ...(await destinations(db, sealer.mark)),
    ...(await signInSecrets(db, sealer.mark)),
  ]) {
    try {
      const anew = sealer.seal(sealer.open(sealed, place), place)
      await db.pool.query(replace.sql, [...replace.values, JSON.stringify(sealed), JSON.stringify(anew)])
      count += 1
    } catch (error) {
      onBroken(place, error)
    }
  }
  return count
}
