type Props = {
  label: string
  /** Words for no choice; absent: there is always one. */
  any?: string
  value: string
  options: Record<string, string>
  onChange: (value: string) => void
}

/** A choice of the filter; one that narrows stands out. */
export function Choice({ label, any, value, options, onChange }: Props) {
  const isChosen = any !== undefined && value !== ''
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={`eased h-9 w-full min-w-0 rounded-md border px-2 md:w-auto md:max-w-48 md:[field-sizing:content] ${isChosen ? 'border-accent bg-accent-wash font-medium' : 'border-line-strong bg-surface text-soft'}`}
    >
      {any === undefined ? null : <option value="">{any}</option>}
      {value !== '' && !Object.hasOwn(options, value) ? <option value={value}>Another</option> : null}
      {Object.entries(options).map(([key, words]) => (
        <option key={key} value={key}>
          {words}
        </option>
      ))}
    </select>
  )
}
