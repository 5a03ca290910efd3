import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import { defaultBrand } from '@/server/tenancy/brand'
import { isTheme, THEME_COOKIE } from './_lib/theme'
import './globals.css'

export function generateMetadata(): Metadata {
  const { productName } = defaultBrand()
  return { title: { default: productName, template: `%s · ${productName}` }, robots: { index: false } }
}

export const viewport: Viewport = { colorScheme: 'light dark', width: 'device-width', initialScale: 1 }

export default async function RootLayout({ children }: { children: React.ReactNode }) {
  const chosen = (await cookies()).get(THEME_COOKIE)?.value
  return (
    <html
      lang="en-GB"
      data-theme={isTheme(chosen) && chosen !== 'system' ? chosen : undefined}
      suppressHydrationWarning
    >
      <body className="min-h-dvh">{children}</body>
    </html>
  )
}
