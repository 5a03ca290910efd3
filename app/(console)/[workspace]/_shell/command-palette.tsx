'use client'
import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { latePart } from '@/app/_lib/late-part'
import type { Entry } from './entries'
import { ENTRY } from './entry-style'

// Most visits never open it: its code comes with the first press.
const Palette = latePart(() => import('./palette').then((part) => part.Palette))

type Props = { workspace: string; entries: readonly Entry[] }

/** Opens with Ctrl or Cmd and K, wherever one is, or by its button. */
export function CommandPalette({ workspace, entries }: Props) {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      setOpen((before) => !before)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  return (
    <>
      <button type="button" onClick={() => setOpen(true)} aria-keyshortcuts="Control+K Meta+K" className={ENTRY}>
        <Search aria-hidden="true" size={16} className="shrink-0" />
        <span className="sr-only text-left md:not-sr-only md:flex-1 md:group-data-[collapsed]/nav:sr-only">Find</span>
        <kbd className="hidden font-mono text-xs text-faint md:inline md:group-data-[collapsed]/nav:hidden">Ctrl K</kbd>
      </button>
      {open ? <Palette workspace={workspace} entries={entries} onClose={() => setOpen(false)} /> : null}
    </>
  )
}
