'use client'
import { cloneElement, useId } from 'react'

/** Shared by inputs and selects. */
export const INPUT = 'h-9 w-full rounded-md border border-line-strong bg-surface px-3 placeholder:text-faint'

type Control = React.ReactElement<{ 'aria-describedby'?: string }>

/** A labelled field; the hint says what belongs in it, and is read after its name, not as a part of it. */
export function Field({ label, hint, children }: { label: string; hint?: string; children: Control }) {
  const id = useId()
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the control is the child */}
      <label className="flex min-w-0 flex-col gap-1.5">
        <span className="font-medium">{label}</span>
        {hint ? cloneElement(children, { 'aria-describedby': id }) : children}
      </label>
      {hint ? (
        <span id={id} className="text-sm text-faint">
          {hint}
        </span>
      ) : null}
    </div>
  )
}
