type Props = { title: string; children: React.ReactNode; action?: React.ReactNode; isWholePage?: boolean }

/** What belongs here, and the way to fill it. */
export function EmptyState({ title, children, action, isWholePage = false }: Props) {
  const Heading = isWholePage ? 'h1' : 'h2'
  return (
    <div className="flex max-w-xl flex-col items-start gap-3 py-10">
      <Heading className="text-lg font-medium">{title}</Heading>
      <div className="flex flex-col gap-2 text-md text-soft">{children}</div>
      {action}
    </div>
  )
}
