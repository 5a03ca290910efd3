import { web } from '@/server/auth/instances'
import { getPublicStatusPage, type PublicStatusPage } from '@/server/services/status-pages/get-public'

/** A crowd asks the same thing at once: one look serves all who come within this time. */
const SHARED_MS = 20
const SLUGS_MAX = 1_000
const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/

type Look = { atMs: number; page: Promise<PublicStatusPage | null> }
const looks = new Map<string, Look>()

/** The public state of a page, at most 20 ms old; null when there is none under this slug. */
export function loadStatusPage(slug: string): Promise<PublicStatusPage | null> {
  if (!SLUG.test(slug)) return Promise.resolve(null)
  const nowMs = performance.now()
  const known = looks.get(slug)
  if (known && nowMs - known.atMs < SHARED_MS) return known.page
  const page = getPublicStatusPage({ db: web().db, slug })
  looks.delete(slug)
  looks.set(slug, { atMs: nowMs, page })
  const oldest = looks.keys().next().value
  if (looks.size > SLUGS_MAX && oldest !== undefined) looks.delete(oldest)
  page.catch(() => looks.delete(slug))
  return page
}

/** A second in shared caches; while the origin is unreachable, the last good answer for a minute. */
export const CACHE_CONTROL = 'public, max-age=1, stale-while-revalidate=2, stale-if-error=60'
