type Props = {
  label: string
  options: { value: string; words: string }[]
  value: string
  onChange: (value: string) => void
  isSmall?: boolean
  /** For fingers, where there is room. */
  isTall?: boolean
}

/** One of a few, all in sight: on a phone in two rows. */
export function Segments({ label, options, value, onChange, isSmall = false, isTall = false }: Props) {
  return (
    <fieldset className="flex min-w-0 flex-wrap rounded-md border border-line p-0.5" data-noprint>
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={value === option.value}
          onClick={() => onChange(option.value)}
          className={`eased rounded-sm px-2.5 text-sm whitespace-nowrap text-soft hover:text-ink aria-pressed:bg-hover aria-pressed:font-medium aria-pressed:text-ink ${isTall ? 'h-10 px-4 text-md' : isSmall ? 'h-5' : 'h-6'}`}
        >
          {option.words}
        </button>
      ))}
    </fieldset>
  )
}
