'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { FolderTree, type LucideIcon, Server, ShieldAlert } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Dialog } from 'radix-ui'
import { useDeferredValue, useState } from 'react'
import { DataProvider, useTRPC } from '@/app/_lib/trpc'
import { Time } from '@/app/_ui/time'
import type { Found } from '@/server/trpc/find'
import type { Entry } from './entries'

type Props = { workspace: string; entries: readonly Entry[]; onClose: () => void }

const KINDS: Record<Found['kind'], { words: string; Icon: LucideIcon; path: (found: Found) => string }> = {
  node: { words: 'Nodes', Icon: Server, path: ({ id }) => `/nodes/${id}` },
  group: { words: 'Groups', Icon: FolderTree, path: () => '/groups' },
  incident: { words: 'Incidents', Icon: ShieldAlert, path: ({ id }) => `/incidents/${id}` },
}
const KIND_ORDER = Object.keys(KINDS) as Found['kind'][]
const GROUP =
  '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-sm [&_[cmdk-group-heading]]:text-faint'
const ITEM =
  'flex min-h-9 cursor-default items-center gap-3 rounded-sm px-2 py-1 select-none data-[selected=true]:bg-hover [&_svg]:shrink-0 [&_svg]:text-faint'

/** Goes to a page, a node, a group or an incident by a few letters of its name. */
export function Palette(props: Props) {
  return (
    <DataProvider>
      <Box {...props} />
    </DataProvider>
  )
}

function Box({ workspace, entries, onClose }: Props) {
  const router = useRouter()
  const [text, setText] = useState('')
  const sought = useDeferredValue(text.trim())
  const { found, isSearching } = useFound(workspace, sought)
  const go = (path: string) => {
    onClose()
    router.push(`/${workspace}${path}`)
  }
  const pages = entries.filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase()))
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-sunken/75" />
        <Dialog.Content
          aria-describedby={undefined}
          className="settle fixed top-[10vh] left-1/2 z-50 w-[min(560px,calc(100vw-32px))] -translate-x-1/2 overflow-hidden rounded-lg border border-line-strong bg-raised shadow-menu"
        >
          <Dialog.Title className="sr-only">Find a page, node, group or incident</Dialog.Title>
          <Command label="Find a page, node, group or incident" shouldFilter={false} loop>
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder="Page, node, group or incident"
              className="h-12 w-full border-b border-line bg-transparent px-4 text-md outline-none placeholder:text-faint"
            />
            <Command.List className="max-h-[56vh] overflow-y-auto overscroll-contain p-2" aria-busy={isSearching}>
              <Command.Empty className="px-2 py-6 text-soft">
                {isSearching ? 'Looking…' : `Nothing here is called “${sought}”.`}
              </Command.Empty>
              {pages.length === 0 ? null : (
                <Command.Group heading="Pages" className={GROUP}>
                  {pages.map(({ path, name, Icon, keys }) => (
                    <Command.Item key={path} value={`page ${path}`} onSelect={() => go(path)} className={ITEM}>
                      <Icon aria-hidden="true" size={16} />
                      <span className="flex-1">{name}</span>
                      <kbd className="font-mono text-xs text-faint">{keys}</kbd>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              {KIND_ORDER.map((kind) => (
                <FoundGroup key={kind} kind={kind} found={found} onSelect={go} />
              ))}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

type GroupProps = { kind: Found['kind']; found: readonly Found[]; onSelect: (path: string) => void }

function FoundGroup({ kind, found, onSelect }: GroupProps) {
  const own = found.filter((one) => one.kind === kind)
  const { words, Icon, path } = KINDS[kind]
  if (own.length === 0) return null
  return (
    <Command.Group heading={words} className={GROUP}>
      {own.map((one) => (
        <Command.Item key={one.id} value={one.id} onSelect={() => onSelect(path(one))} className={ITEM}>
          <Icon aria-hidden="true" size={16} />
          <span className="min-w-0 flex-1 truncate">{one.name}</span>
          {one.startedMs === null ? null : (
            <span className="text-sm text-faint">
              <Time atMs={one.startedMs} form="auto" />
            </span>
          )}
        </Command.Item>
      ))}
    </Command.Group>
  )
}

/** What the platform knows by this name; the answer before stays while the next is on its way. */
function useFound(workspace: string, text: string): { found: Found[]; isSearching: boolean } {
  const trpc = useTRPC()
  const { data, isFetching } = useQuery({
    ...trpc.workspaces.find.queryOptions({ workspace, text }),
    enabled: text !== '',
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  })
  return { found: text === '' ? [] : (data ?? []), isSearching: text !== '' && isFetching }
}
