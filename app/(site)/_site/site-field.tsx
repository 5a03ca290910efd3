import type { SelectHTMLAttributes, TextareaHTMLAttributes } from 'react'

const CONTROL = 'rounded-md border border-line-strong bg-raised px-3 text-md aria-invalid:border-attack'

type SelectProps = SelectHTMLAttributes<HTMLSelectElement> & {
  label: string
  options: readonly (readonly [value: string, words: string])[]
}

export function SiteSelect({ label, options, ...select }: SelectProps) {
  return (
    <label className="flex flex-col gap-1.5">
      <span className="font-medium">{label}</span>
      <select {...select} className={`${CONTROL} h-10`}>
        {options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  )
}

type TextProps = TextareaHTMLAttributes<HTMLTextAreaElement> & { label: string; hint: string; error: string | null }

export function SiteText({ label, hint, error, ...text }: TextProps) {
  const hintId = `${text.name}-hint`
  return (
    <div className="flex flex-col gap-1.5">
      <label className="flex flex-col gap-1.5">
        <span className="font-medium">{label}</span>
        <textarea
          rows={5}
          {...text}
          aria-invalid={error ? true : undefined}
          aria-describedby={hintId}
          className={`${CONTROL} py-2`}
        />
      </label>
      <span
        id={hintId}
        role={error ? 'alert' : undefined}
        className={`text-sm ${error ? 'text-attack' : 'text-faint'}`}
      >
        {error ?? hint}
      </span>
    </div>
  )
}
