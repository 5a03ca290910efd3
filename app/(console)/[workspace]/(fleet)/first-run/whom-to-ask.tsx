export type Colleague = { name: string; email: string }

/** For who may look but not enrol: the people who may. */
export function WhomToAsk({ colleagues }: { colleagues: readonly Colleague[] }) {
  return (
    <div className="flex flex-col gap-1 border-t border-line pt-4 text-soft">
      <p>Your role may read, not add servers. An owner or admin of this workspace can:</p>
      {colleagues.length === 0 ? (
        <p>Ask whoever invited you.</p>
      ) : (
        <ul className="flex flex-col gap-0.5">
          {colleagues.map(({ name, email }) => (
            <li key={email} className="[overflow-wrap:anywhere]">
              <span className="font-medium text-ink">{name}</span>{' '}
              <a href={`mailto:${email}`} className="text-accent underline underline-offset-2">
                {email}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
