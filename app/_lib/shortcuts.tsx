'use client'
import { createContext, useContext, useEffect, useMemo, useRef } from 'react'

type Shortcut = { keys: string; says: string; run: () => void }
type Registry = { add: (shortcut: Shortcut) => () => void; list: () => Shortcut[] }

const ShortcutContext = createContext<Registry | null>(null)
const SEQUENCE_MS = 900

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

/** Single keys and two-key sequences ("g f"), never while somebody types. */
export function ShortcutProvider({ children }: { children: React.ReactNode }) {
  const known = useRef(new Set<Shortcut>())
  useEffect(() => {
    let before = { key: '', atMs: 0 }
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      const sequence = event.timeStamp - before.atMs < SEQUENCE_MS ? `${before.key} ${event.key}` : ''
      const all = [...known.current]
      const found = all.find(({ keys }) => keys === sequence) ?? all.find(({ keys }) => keys === event.key)
      before = { key: event.key, atMs: event.timeStamp }
      if (!found) return
      event.preventDefault()
      found.run()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  const registry = useMemo<Registry>(
    () => ({
      list: () => [...known.current],
      add: (shortcut) => {
        known.current.add(shortcut)
        return () => void known.current.delete(shortcut)
      },
    }),
    [],
  )
  return <ShortcutContext.Provider value={registry}>{children}</ShortcutContext.Provider>
}

/** Binds keys while the component is on the page; null unbinds. */
export function useShortcut(keys: string, says: string, run: (() => void) | null): void {
  const registry = useContext(ShortcutContext)
  const latest = useRef(run)
  latest.current = run
  const on = run !== null
  useEffect(() => {
    if (!registry || !on) return
    return registry.add({ keys, says, run: () => latest.current?.() })
  }, [registry, keys, says, on])
}

export function useShortcutList(): () => { keys: string; says: string }[] {
  const registry = useContext(ShortcutContext)
  return () => registry?.list() ?? []
}
