'use client'
import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { useState } from 'react'

export type DialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description: string
  /** For what needs a table in it. */
  isWide?: boolean
  children: React.ReactNode
}

/** The box itself. Pages use `Dialog`, which brings this along when it opens for the first time. */
export function DialogBox({ open, onOpenChange, title, description, isWide = false, children }: DialogProps) {
  const toOpener = useReturn(open)
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-sunken/75" />
        <Radix.Content
          onCloseAutoFocus={toOpener}
          className={`settle fixed left-1/2 z-50 flex -translate-x-1/2 flex-col gap-4 overflow-y-auto rounded-lg border border-line-strong bg-raised p-5 shadow-menu ${isWide ? 'top-[6vh] max-h-[88vh] w-[min(920px,calc(100vw-32px))]' : 'top-[12vh] max-h-[76vh] w-[min(520px,calc(100vw-32px))]'}`}
        >
          <div className="flex items-start justify-between gap-4">
            <div>
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              <Radix.Description className="text-soft">{description}</Radix.Description>
            </div>
            <Radix.Close aria-label="Close" className="eased rounded-sm p-1 text-faint hover:bg-hover hover:text-ink">
              <X aria-hidden="true" size={16} />
            </Radix.Close>
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** Focus goes back to where it was when the dialog opened: whoever uses the keyboard goes on from there. */
function useReturn(open: boolean): (event: Event) => void {
  const [opener, setOpener] = useState<Element | null>(null)
  const [wasOpen, setWasOpen] = useState(false)
  if (open !== wasOpen) {
    setWasOpen(open)
    if (open) setOpener(document.activeElement)
  }
  return (event) => {
    event.preventDefault()
    if (opener instanceof HTMLElement) opener.focus()
  }
}
