'use client'
import { useShortcut } from '@/app/_lib/shortcuts'

/** j and k walk through whatever list is on the page; Enter opens, as always on a link. */
export function ListKeys() {
  useShortcut('j', 'Next in the list', () => step(1))
  useShortcut('k', 'Previous in the list', () => step(-1))
  return null
}

function step(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')]
  const now = rows.indexOf(document.activeElement as HTMLElement)
  const next = now === -1 ? (by === 1 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, now + by))
  rows[next]?.focus()
}
