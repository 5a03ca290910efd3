import type { HTMLAttributes, TdHTMLAttributes, ThHTMLAttributes } from 'react'

/** A table that scrolls inside itself rather than widening the page; `relative` keeps words for screen readers alone inside too. */
export function Table({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="relative -mx-2 overflow-x-auto px-2">
      <table className="w-full border-collapse text-left">{children}</table>
    </section>
  )
}

export const HeadCell = ({
  figure,
  className = '',
  ...props
}: ThHTMLAttributes<HTMLTableCellElement> & { figure?: boolean }) => (
  <th
    scope="col"
    className={`h-8 border-b border-line pr-4 text-sm font-medium whitespace-nowrap text-faint last:pr-0 ${figure ? 'text-right' : ''} ${className}`}
    {...props}
  />
)

export const Row = ({ className = '', ...props }: HTMLAttributes<HTMLTableRowElement>) => (
  <tr className={`border-b border-line ${className}`} {...props} />
)

export const Cell = ({
  figure,
  className = '',
  ...props
}: TdHTMLAttributes<HTMLTableCellElement> & { figure?: boolean }) => (
  <td className={`h-10 py-2 pr-4 align-top last:pr-0 ${figure ? 'figures text-right' : ''} ${className}`} {...props} />
)
