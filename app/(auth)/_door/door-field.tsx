import type { InputHTMLAttributes } from 'react'

type Props = InputHTMLAttributes<HTMLInputElement> & { label: string; hint?: string; error?: string | null }

/** A labelled field; what is wrong with it stands under it, where the hint stood. */
export function DoorField({ label, hint, error, ...input }: Props) {
  const hintId = `${input.name}-hint`
  return (
    <div className="flex flex-col gap-1.5">
      <label className="flex flex-col gap-1.5">
        <span className="font-medium">{label}</span>
        <input
          {...input}
          aria-invalid={error ? true : undefined}
          aria-describedby={hint || error ? hintId : undefined}
          className="h-10 rounded-md border border-line-strong bg-raised px-3 text-md aria-invalid:border-attack"
        />
      </label>
      {hint || error ? (
        <span
          id={hintId}
          role={error ? 'alert' : undefined}
          className={`text-sm ${error ? 'text-attack' : 'text-faint'}`}
        >
          {error ?? hint}
        </span>
      ) : null}
    </div>
  )
}
