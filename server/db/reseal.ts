import { type Sealer, settingsPlace } from '../core/seal'
import type { EngineDb } from './pool'

type Kept = { workspaceId: string; id: string; settings: unknown }

/**
 * Seals with the newest key what lies in clear or under an older one, and gives back how many. What no listed key opens
 * stays as it is and is reported.
 */
export async function resealSettings(
  { pool }: EngineDb,
  sealer: Sealer,
  onBroken: (kept: Omit<Kept, 'settings'>, error: unknown) => void,
): Promise<number> {
  const { rows } = await pool.query<Kept>(
    'SELECT workspace_id AS "workspaceId", id, settings FROM destination_settings_to_seal($1)',
    [sealer.mark],
  )
  let count = 0
  for (const { workspaceId, id, settings } of rows) {
    const place = settingsPlace(workspaceId, id)
    try {
      const sealed = sealer.seal(sealer.open(settings, place), place)
      const values = [workspaceId, id, JSON.stringify(settings), JSON.stringify(sealed)]
      await pool.query('SELECT destination_settings_replace($1, $2, $3, $4)', values)
      count += 1
    } catch (error) {
      onBroken({ workspaceId, id }, error)
    }
  }
  return count
}
