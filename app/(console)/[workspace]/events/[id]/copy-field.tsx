'use client'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Field, INPUT } from '@/app/_ui/field'

/** An address to take along. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState<string | null>(null)
  return (
    <div className="flex items-end gap-2">
      <div className="min-w-0 flex-1">
        <Field label={label}>
          <input
            readOnly
            value={value}
            onFocus={(event) => event.target.select()}
            className={`${INPUT} font-mono text-sm`}
          />
        </Field>
      </div>
      <Button
        className="!h-9"
        onClick={() => {
          navigator.clipboard?.writeText(value).then(
            () => setCopied(value),
            () => setCopied(null),
          )
        }}
      >
        {copied === value ? 'Copied' : 'Copy'}
        <span className="sr-only"> {label}</span>
      </Button>
    </div>
  )
}
