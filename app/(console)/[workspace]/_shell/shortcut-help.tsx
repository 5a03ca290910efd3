'use client'
import { Keyboard } from 'lucide-react'
import { useState } from 'react'
import { useShortcut, useShortcutList } from '@/app/_lib/shortcuts'
import { Dialog } from '@/app/_ui/dialog'
import { ENTRY } from './entry-style'

/** The keys that work on this page. */
export function ShortcutHelp() {
  const [open, setOpen] = useState(false)
  const list = useShortcutList()
  useShortcut('?', 'Show these keys', () => setOpen(true))
  return (
    <>
      <button type="button" onClick={() => setOpen(true)} aria-label="Keys" className={`${ENTRY} hidden md:flex`}>
        <Keyboard aria-hidden="true" size={16} className="shrink-0" />
        <span className="flex-1 text-left group-data-[collapsed]/nav:hidden">Keys</span>
        <kbd className="font-mono text-xs text-faint group-data-[collapsed]/nav:hidden">?</kbd>
      </button>
      <Dialog open={open} onOpenChange={setOpen} title="Keys" description="They work wherever you are not typing.">
        <dl className="flex flex-col">
          {(open ? list() : []).map(({ keys, says }) => (
            <div key={keys} className="flex items-center justify-between border-b border-line py-2 last:border-0">
              <dt className="text-soft">{says}</dt>
              <dd className="flex gap-1">
                {keys.split(' ').map((key) => (
                  <kbd
                    key={key}
                    className="min-w-6 rounded-sm border border-line-strong px-1.5 text-center font-mono text-sm"
                  >
                    {key}
                  </kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </>
  )
}
