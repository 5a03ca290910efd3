import { CircleUser } from 'lucide-react'
import type { Theme } from '@/app/_lib/theme'

export type AccountProps = { workspace: string; user: { name: string; email: string; role: string }; theme: Theme }

export function AccountLabel({ name }: { name: string }) {
  return (
    <>
      <CircleUser aria-hidden="true" size={16} className="shrink-0" />
      <span className="hidden truncate md:inline md:group-data-[collapsed]/nav:hidden">{name}</span>
    </>
  )
}
