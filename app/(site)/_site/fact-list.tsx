/** Short statements under one heading each, on hairlines. */
export function FactList({ facts }: { facts: readonly (readonly [title: string, text: string])[] }) {
  return (
    <dl className="flex flex-col">
      {facts.map(([title, text]) => (
        <div
          key={title}
          className="grid gap-x-8 gap-y-1 border-b border-line py-4 first:border-t sm:grid-cols-[minmax(0,4fr)_minmax(0,7fr)]"
        >
          <dt className="text-md font-medium">{title}</dt>
          <dd className="text-md text-soft">{text}</dd>
        </div>
      ))}
    </dl>
  )
}
