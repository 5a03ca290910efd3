'use client'
import { ExternalLink, PanelLeft } from 'lucide-react'
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
import { useState } from 'react'
import { useShortcut } from '@/app/_lib/shortcuts'
import type { Theme } from '@/app/_lib/theme'
import { BrandMark } from '@/app/_ui/brand-mark'
import type { Rights } from '@/server/core/permissions'
import type { StopView } from '@/server/trpc/policy-view'
import { AccountButton } from './account-button'
import { CommandPalette } from './command-palette'
import { type Entry, entriesFor } from './entries'
import { ENTRY } from './entry-style'
import { ListKeys } from './list-keys'
import { NAV_COOKIE } from './nav-cookie'
import { ShortcutHelp } from './shortcut-help'
import { StopBanner } from './stop-banner'

export type ShellProps = {
  workspace: { slug: string; name: string; may: Rights }
  user: { name: string; email: string; role: string }
  statusPageSlug: string | null
  stops: StopView[]
  theme: Theme
  isNavCollapsed: boolean
  children: React.ReactNode
}

/** Navigation at the left, a bar on top where the screen is narrow; the page beside it. */
export function Shell({ workspace, user, statusPageSlug, stops, theme, isNavCollapsed, children }: ShellProps) {
  const [collapsed, setCollapsed] = useState(isNavCollapsed)
  const entries = entriesFor(workspace.may)
  const toggle = () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `${NAV_COOKIE}=${collapsed ? 'open' : 'collapsed'}; path=/; max-age=31536000; samesite=lax`
    setCollapsed(!collapsed)
  }
  useShortcut('[', 'Fold or unfold the navigation', toggle)

  return (
    <div className="flex min-h-dvh flex-col md:flex-row">
      <a
        href="#main"
        data-noprint
        className="sr-only z-50 rounded-md bg-accent px-3 py-1.5 text-accent-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <aside
        data-noprint
        data-collapsed={collapsed || undefined}
        className="group/nav sticky top-0 z-20 flex shrink-0 items-center gap-1 border-b border-line bg-surface px-3 py-1.5 md:h-dvh md:w-[212px] md:flex-col md:items-stretch md:border-r md:border-b-0 md:px-2.5 md:py-3 md:data-[collapsed]:w-[53px]"
      >
        <div className="flex items-center gap-2 md:mb-3 md:h-8 md:px-1.5">
          <BrandMark />
          <span className="hidden truncate font-semibold md:inline md:group-data-[collapsed]/nav:hidden">
            {workspace.name}
          </span>
        </div>
        <nav aria-label="Main" className="flex min-w-0 flex-1 gap-0.5 overflow-x-auto md:flex-col md:overflow-visible">
          {entries.map((entry) => (
            <Place key={entry.path} workspace={workspace.slug} entry={entry} />
          ))}
          {statusPageSlug ? <StatusPageLink slug={statusPageSlug} /> : null}
        </nav>
        <CommandPalette workspace={workspace.slug} entries={entries} />
        <ShortcutHelp />
        <AccountButton workspace={workspace.slug} user={user} theme={theme} />
        <button
          type="button"
          onClick={toggle}
          aria-expanded={!collapsed}
          aria-label={collapsed ? 'Unfold the navigation' : 'Fold the navigation'}
          className={`${ENTRY} hidden md:flex`}
        >
          <PanelLeft aria-hidden="true" size={16} className="shrink-0" />
          <span className="group-data-[collapsed]/nav:hidden">Fold</span>
        </button>
      </aside>
      <main id="main" tabIndex={-1} className="min-w-0 flex-1 outline-none">
        <StopBanner workspace={workspace.slug} loaded={stops} />
        {children}
      </main>
      <ListKeys />
    </div>
  )
}

function Place({ workspace, entry: { path, name, Icon, keys } }: { workspace: string; entry: Entry }) {
  const pathname = usePathname()
  const router = useRouter()
  const href = `/${workspace}${path}`
  useShortcut(keys, `Go to ${name.toLowerCase()}`, () => router.push(href))
  const here = path === '' ? pathname === href : pathname.startsWith(href)
  return (
    <Link
      href={href}
      title={name}
      aria-current={here ? 'page' : undefined}
      // Eight pages fetched ahead, with their scripts, would compete with the one that was asked for.
      prefetch={false}
      onPointerEnter={() => router.prefetch(href)}
      onFocus={() => router.prefetch(href)}
      className={ENTRY}
    >
      <PlaceName name={name} Icon={Icon} />
    </Link>
  )
}

function StatusPageLink({ slug }: { slug: string }) {
  return (
    <a href={`/s/${slug}`} target="_blank" rel="noreferrer" title="Status page" className={ENTRY}>
      <PlaceName name="Status page" Icon={ExternalLink} />
    </a>
  )
}

function PlaceName({ name, Icon }: Pick<Entry, 'name' | 'Icon'>) {
  return (
    <>
      <Icon aria-hidden="true" size={16} className="hidden shrink-0 md:inline" />
      <span className="md:group-data-[collapsed]/nav:sr-only">{name}</span>
    </>
  )
}
