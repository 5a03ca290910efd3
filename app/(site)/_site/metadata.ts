import type { Metadata } from 'next'
import { defaultBrand } from '@/server/tenancy/brand'

/** Title, description, canonical address and Open Graph text of a public page. */
export function siteMetadata(path: string, title: string, description: string): Metadata {
  const { productName } = defaultBrand()
  return {
    title,
    description,
    alternates: { canonical: path },
    openGraph: {
      type: 'website',
      siteName: productName,
      title: `${title} · ${productName}`,
      description,
      url: path,
    },
  }
}
