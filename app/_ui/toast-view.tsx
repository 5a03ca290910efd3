'use client'
import { X } from 'lucide-react'
import { Toast } from 'radix-ui'

/** `undo` takes back what was just done. */
export type Message = { id: number; title: string; text: string; undo?: () => void }
type Props = { message: Message | null; onGone: () => void }

export function ToastView({ message, onGone }: Props) {
  return (
    <Toast.Provider duration={8_000}>
      {message ? (
        <Toast.Root
          key={message.id}
          // Whoever is offered a way back gets time to read.
          duration={message.undo ? 20_000 : undefined}
          onOpenChange={(open) => (open ? undefined : onGone())}
          className="settle flex items-start gap-4 rounded-lg border border-line-strong bg-raised p-4 shadow-menu"
        >
          <div className="min-w-0 flex-1">
            <Toast.Title className="font-medium wrap-anywhere">{message.title}</Toast.Title>
            <Toast.Description className="text-soft">{message.text}</Toast.Description>
          </div>
          {message.undo ? (
            <Toast.Action
              altText="Undo"
              onClick={message.undo}
              className="eased rounded-md px-2 py-0.5 font-medium text-accent hover:bg-hover"
            >
              Undo
            </Toast.Action>
          ) : null}
          <Toast.Close aria-label="Dismiss" className="eased rounded-sm p-1 text-faint hover:bg-hover hover:text-ink">
            <X aria-hidden="true" size={14} />
          </Toast.Close>
        </Toast.Root>
      ) : null}
      <Toast.Viewport className="fixed right-4 bottom-4 z-50 w-[min(380px,calc(100vw-32px))]" data-noprint />
    </Toast.Provider>
  )
}
