import type { Env } from '../env'
import { rolePasswords } from './postgres-files'
import { type DatabaseUrls, provisionRoles, urlsOf } from './provision'

/** A database that is not ours: passwords of its two roles are those of the URLs when given, else kept beside our data. */
export async function provisionOutside(data: string, env: Env): Promise<DatabaseUrls> {
  const given = (url: string): string | null => (url === '' ? null : decodeURIComponent(new URL(url).password))
  const kept = await rolePasswords(data)
  const secrets = {
    app: given(env.DATABASE_APP_URL) ?? kept.app,
    engine: given(env.DATABASE_ENGINE_URL) ?? kept.engine,
  }
  await provisionRoles(env.DATABASE_URL, secrets)
  return urlsOf(env.DATABASE_URL, secrets)
}
