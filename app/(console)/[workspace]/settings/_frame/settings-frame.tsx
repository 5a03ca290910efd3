import Link from 'next/link'
import { PageHeader } from '@/app/_ui/page-header'
import type { Rights } from '@/server/core/permissions'
import { tabsFor } from './tabs'

type Props = {
  workspace: string
  may: Rights
  /** Path of the tab that is open. */
  here: string
  context: React.ReactNode
  action?: React.ReactNode
  children: React.ReactNode
}

/** Head of every settings page: the tabs, what this one is about, its one primary action. */
export function SettingsFrame({ workspace, may, here, context, action, children }: Props) {
  return (
    <div className="flex w-full flex-col gap-5 p-4 sm:p-6 lg:px-8 [&>nav+section]:border-t-0 [&>nav+section]:pt-0">
      <PageHeader title="Settings" context={context} action={action} />
      <nav aria-label="Settings" className="flex gap-6 overflow-x-auto border-b border-line">
        {tabsFor(may).map(({ path, name }) => (
          <Link
            key={path}
            href={`/${workspace}/settings/${path}`}
            aria-current={path === here ? 'page' : undefined}
            className="eased -mb-px flex h-9 items-center border-b-2 border-transparent whitespace-nowrap text-soft hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
          >
            {name}
          </Link>
        ))}
      </nav>
      {children}
    </div>
  )
}
