/** A part of a page under a hairline. */
export function Section({
  title,
  aside,
  children,
  id,
}: {
  title: string
  aside?: React.ReactNode
  children: React.ReactNode
  id?: string
}) {
  return (
    <section aria-label={title} id={id} className="flex min-w-0 flex-col gap-3 border-t border-line pt-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="text-md font-semibold">{title}</h2>
        {aside ? <div className="text-sm text-faint">{aside}</div> : null}
      </div>
      {children}
    </section>
  )
}
