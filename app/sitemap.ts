import type { MetadataRoute } from 'next'
import { headers } from 'next/headers'
import { originOf } from '@/server/auth/host-of'
import { web } from '@/server/auth/instances'
import { LISTED } from './(site)/_site/places'

export default async function sitemap(): Promise<MetadataRoute.Sitemap> {
  const origin = originOf(await headers(), web().env.PUBLIC_URL)
  return LISTED.map((path) => ({ url: `${origin}${path}` }))
}
