import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { originOf } from '@/server/auth/host-of'
import { web } from '@/server/auth/instances'
import { defaultBrand } from '@/server/tenancy/brand'
import { SiteFooter } from './_site/site-footer'
import { SiteHeader } from './_site/site-header'

export async function generateMetadata(): Promise<Metadata> {
  const { productName, site } = defaultBrand()
  return {
    metadataBase: new URL(originOf(await headers(), web().env.PUBLIC_URL)),
    title: { absolute: site.title, template: `%s · ${productName}` },
    description: site.description,
    robots: { index: true, follow: true },
    openGraph: { type: 'website', siteName: productName, title: site.title, description: site.description },
  }
}

/** Public pages: no cookie is set, nothing is loaded from elsewhere. */
export default function SiteLayout({ children }: { children: React.ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <SiteHeader />
      <main id="main" tabIndex={-1} className="flex-1 outline-none">
        {children}
      </main>
      <SiteFooter />
    </div>
  )
}
