'use client'
import { useQuery } from '@tanstack/react-query'
import { ArrowRight } from 'lucide-react'
import Link from 'next/link'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { leave } from '@/app/_lib/leave'
import { applyTheme, THEMES, type Theme } from '@/app/_lib/theme'
import { DataProvider, useTRPC } from '@/app/_lib/trpc'
import { AccountLabel, type AccountProps } from './account-label'
import { ENTRY } from './entry-style'

const THEME_WORDS: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' }
const ITEM =
  'eased flex h-8 cursor-default items-center justify-between gap-4 rounded-sm px-2 outline-none select-none data-[highlighted]:bg-hover'

/** Opens as soon as it is there: it was asked for by the press that brought it. */
export function AccountMenu({ workspace, user, theme: chosen }: AccountProps) {
  const [theme, setTheme] = useState<Theme>(chosen)
  const choose = (value: string) => {
    applyTheme(value as Theme)
    setTheme(value as Theme)
  }
  return (
    <DropdownMenu.Root defaultOpen>
      <DropdownMenu.Trigger aria-label={`Account of ${user.name}`} className={ENTRY}>
        <AccountLabel name={user.name} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={6}
          collisionPadding={8}
          className="settle z-50 min-w-56 rounded-lg border border-line-strong bg-raised p-1 shadow-menu"
        >
          <DropdownMenu.Label className="flex flex-col px-2 py-1.5">
            <span className="font-medium">{user.name}</span>
            <span className="text-sm text-faint">
              {user.email}, {user.role}
            </span>
          </DropdownMenu.Label>
          <DropdownMenu.Item className={ITEM} asChild>
            <Link href={`/${workspace}/account`}>Your account</Link>
          </DropdownMenu.Item>
          <DataProvider>
            <OtherWorkspaces workspace={workspace} />
          </DataProvider>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.RadioGroup value={theme} onValueChange={choose} aria-label="Colour scheme">
            {THEMES.map((value) => (
              <DropdownMenu.RadioItem
                key={value}
                value={value}
                className={ITEM}
                onSelect={(event) => event.preventDefault()}
              >
                {THEME_WORDS[value]}
                <DropdownMenu.ItemIndicator className="size-2 rounded-full bg-accent" />
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item className={ITEM} onSelect={() => void leave()}>
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

/** Asked for when the menu opens; whoever belongs to one workspace sees nothing of it. */
function OtherWorkspaces({ workspace }: { workspace: string }) {
  const trpc = useTRPC()
  const { data } = useQuery(trpc.workspaces.list.queryOptions())
  const others = data?.filter(({ slug }) => slug !== workspace) ?? []
  if (others.length === 0) return null
  return (
    <>
      <DropdownMenu.Separator className="my-1 h-px bg-line" />
      <DropdownMenu.Group aria-label="Other workspaces">
        {others.map(({ slug, name }) => (
          <DropdownMenu.Item key={slug} className={ITEM} asChild>
            {/* Another workspace has another socket and other data: the page is loaded anew. */}
            <a href={`/${slug}`}>
              {name}
              <ArrowRight aria-hidden="true" size={14} className="text-faint" />
            </a>
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Group>
    </>
  )
}
