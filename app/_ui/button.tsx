import type { ButtonHTMLAttributes } from 'react'

type Kind = 'primary' | 'plain' | 'quiet' | 'danger' | 'stop'

const KINDS: Record<Kind, string> = {
  primary: 'bg-accent text-accent-ink hover:bg-accent-strong',
  plain: 'border border-line-strong text-ink hover:bg-hover',
  quiet: 'text-soft hover:bg-hover hover:text-ink',
  danger: 'border border-attack text-attack hover:bg-hover',
  stop: 'bg-attack text-surface underline-offset-2 hover:underline',
}

/** Shared by buttons and by links that act like one. */
export const buttonStyle = (kind: Kind = 'plain'): string =>
  `eased inline-flex h-8 items-center justify-center gap-2 rounded-md px-3 font-medium whitespace-nowrap select-none disabled:opacity-55 ${KINDS[kind]}`

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { kind?: Kind }

export function Button({ kind = 'plain', className = '', type = 'button', ...props }: Props) {
  return <button type={type} className={`${buttonStyle(kind)} ${className}`} {...props} />
}
