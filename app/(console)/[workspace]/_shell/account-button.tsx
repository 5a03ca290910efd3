'use client'
import { type ComponentType, useState } from 'react'
import { orLoadAnew } from '@/app/_lib/late-part'
import { AccountLabel, type AccountProps } from './account-label'
import { ENTRY } from './entry-style'

const load = () => import('./account-menu')

/** The account at the foot of the navigation. Its menu comes with the first press, or when one is about to press. */
export function AccountButton(props: AccountProps) {
  const [Menu, setMenu] = useState<ComponentType<AccountProps> | null>(null)
  const { name } = props.user
  if (Menu) return <Menu {...props} />
  const open = () => void orLoadAnew(load()).then(({ AccountMenu }) => setMenu(() => AccountMenu))
  const ahead = () => void load().catch(() => {})
  return (
    <button
      type="button"
      aria-label={`Account of ${name}`}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={ahead}
      onFocus={ahead}
      onClick={open}
      onKeyDown={(event) => (event.key === 'ArrowDown' ? open() : undefined)}
      className={ENTRY}
    >
      <AccountLabel name={name} />
    </button>
  )
}
