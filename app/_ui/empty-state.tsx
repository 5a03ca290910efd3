/** What belongs here, and the way to fill it. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string
  children: React.ReactNode
  action?: React.ReactNode
}) {
  return (
    <div className="flex max-w-xl flex-col items-start gap-3 py-10">
      <h2 className="text-lg font-medium">{title}</h2>
      <div className="flex flex-col gap-2 text-md text-soft">{children}</div>
      {action}
    </div>
  )
}
