'use client'
import { Check, Copy } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Time } from '@/app/_ui/time'

type Props = { line: string; expiresMs: number; onRenew?: () => void }

/** The line a person pastes on a server: copied by one press, good until then, and a new one at a press. */
export function EnrolmentLine({ line, expiresMs, onRenew }: Props) {
  const text = useRef<HTMLPreElement>(null)
  const button = useRef<HTMLDivElement>(null)
  const [copied, setCopied] = useState<'copied' | 'selected' | null>(null)
  const isOver = useIsPast(expiresMs)
  // The form that was sent is gone: what to do next takes its place under the keyboard.
  useEffect(() => button.current?.querySelector<HTMLButtonElement>('[data-copy]')?.focus(), [])
  const copy = async () => {
    // A page without TLS has no clipboard: then the line is selected, one key away from copied.
    const done = await navigator.clipboard?.writeText(line).then(
      () => true,
      () => false,
    )
    if (!done && text.current) getSelection()?.selectAllChildren(text.current)
    setCopied(done ? 'copied' : 'selected')
  }
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <pre
        ref={text}
        className="rounded-md border border-line bg-sunken p-3 font-mono text-sm break-all whitespace-pre-wrap"
      >
        {line}
      </pre>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className={`text-sm ${isOver ? 'text-watching' : 'text-faint'}`}>
          {isOver ? (
            <>
              This line was good until <Time atMs={expiresMs} />. Make a new one.
            </>
          ) : (
            <>
              Good for one node, until <Time atMs={expiresMs} />. It is shown only now.
            </>
          )}
        </p>
        <div ref={button} className="flex gap-2">
          {onRenew ? (
            <Button kind="quiet" onClick={onRenew}>
              New line
            </Button>
          ) : null}
          <Button data-copy onClick={() => void copy()}>
            {copied === 'copied' ? <Check aria-hidden="true" size={14} /> : <Copy aria-hidden="true" size={14} />}
            {copied === 'copied' ? 'Copied' : 'Copy'}
          </Button>
        </div>
      </div>
      <p role="status" className="sr-only">
        {copied === 'copied' ? 'The line is copied.' : null}
      </p>
      {copied === 'selected' ? (
        <p className="text-sm text-soft">
          This browser keeps its clipboard from pages without TLS. The line is selected: copy it with your keyboard.
        </p>
      ) : null}
    </div>
  )
}

/** Whether a moment is over; turns true by itself. */
function useIsPast(atMs: number): boolean {
  const [isPast, setPast] = useState(false)
  useEffect(() => {
    const waitMs = atMs - Date.now()
    setPast(waitMs <= 0)
    if (waitMs <= 0) return
    const timer = setTimeout(() => setPast(true), waitMs)
    return () => clearTimeout(timer)
  }, [atMs])
  return isPast
}
