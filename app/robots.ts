import type { MetadataRoute } from 'next'
import { headers } from 'next/headers'
import { originOf } from '@/server/auth/host-of'
import { web } from '@/server/auth/instances'

/** Consoles are not named here: their pages say `noindex`, and a list of them would tell who is a customer. */
export default async function robots(): Promise<MetadataRoute.Robots> {
  const origin = originOf(await headers(), web().env.PUBLIC_URL)
  const closed = ['/api/', '/gateway/', '/board/', '/overlay/', '/invite', '/confirm', '/sign-in/link', '/guide/open']
  return { rules: { userAgent: '*', allow: '/', disallow: closed }, sitemap: `${origin}/sitemap.xml` }
}
