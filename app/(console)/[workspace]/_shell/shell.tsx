'use client'
import { ExternalLink, FolderTree, LayoutGrid, PanelLeft, ShieldAlert, Users } from 'lucide-react'
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
import { useState } from 'react'
import { useShortcut } from '@/app/_lib/shortcuts'
import type { Theme } from '@/app/_lib/theme'
import { BrandMark } from '@/app/_ui/brand-mark'
import { AccountMenu } from './account-menu'
import { ENTRY } from './entry-style'
import { ListKeys } from './list-keys'
import { NAV_COOKIE } from './nav-cookie'
import { ShortcutHelp } from './shortcut-help'

export type ShellProps = {
  workspace: {
    slug: string
    name: string
    may: Record<'readNodes' | 'readIncidents' | 'readGroups' | 'readMembers', boolean>
  }
  user: { name: string; email: string; role: string }
  statusPageSlug: string | null
  theme: Theme
  isNavCollapsed: boolean
  children: React.ReactNode
}

/** Navigation at the left, a bar on top where the screen is narrow; the page beside it. */
export function Shell({ workspace, user, statusPageSlug, theme, isNavCollapsed, children }: ShellProps) {
  const [collapsed, setCollapsed] = useState(isNavCollapsed)
  const { may } = workspace
  const router = useRouter()
  const toggle = () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `${NAV_COOKIE}=${collapsed ? 'open' : 'collapsed'}; path=/; max-age=31536000; samesite=lax`
    setCollapsed(!collapsed)
  }
  useShortcut('g f', 'Go to the fleet', () => router.push(`/${workspace.slug}`))
  useShortcut('g i', 'Go to incidents', () => router.push(`/${workspace.slug}/incidents`))
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
          {may.readNodes ? (
            <Entry href={`/${workspace.slug}`} icon={<LayoutGrid size={16} />} name="Fleet" exact />
          ) : null}
          {may.readIncidents ? (
            <Entry href={`/${workspace.slug}/incidents`} icon={<ShieldAlert size={16} />} name="Incidents" />
          ) : null}
          {may.readNodes && may.readGroups ? (
            <Entry href={`/${workspace.slug}/groups`} icon={<FolderTree size={16} />} name="Groups" />
          ) : null}
          {may.readMembers ? (
            <Entry href={`/${workspace.slug}/members`} icon={<Users size={16} />} name="Members" />
          ) : null}
          {statusPageSlug ? (
            <Entry href={`/s/${statusPageSlug}`} icon={<ExternalLink size={16} />} name="Status page" external />
          ) : null}
        </nav>
        <ShortcutHelp />
        <AccountMenu workspace={workspace.slug} user={user} theme={theme} />
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
        {children}
      </main>
      <ListKeys />
    </div>
  )
}

type EntryProps = { href: string; icon: React.ReactNode; name: string; exact?: boolean; external?: boolean }

function Entry({ href, icon, name, exact = false, external = false }: EntryProps) {
  const pathname = usePathname()
  const here = exact ? pathname === href : pathname.startsWith(href)
  const content = (
    <>
      <span aria-hidden="true" className="hidden shrink-0 md:inline">
        {icon}
      </span>
      <span className="md:group-data-[collapsed]/nav:sr-only">{name}</span>
    </>
  )
  if (external) {
    return (
      <a href={href} target="_blank" rel="noreferrer" title={name} className={ENTRY}>
        {content}
      </a>
    )
  }
  return (
    <Link href={href} title={name} aria-current={here ? 'page' : undefined} className={ENTRY}>
      {content}
    </Link>
  )
}
