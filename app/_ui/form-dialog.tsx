'use client'
import { Button } from './button'
import { Dialog } from './dialog'

type Props = {
  title: string
  description: string
  /** What the one button does. */
  verb: string
  isPending: boolean
  error: { message: string } | null
  onSubmit: () => void
  onClose: () => void
  children?: React.ReactNode
}

/** Fields, what is wrong with them, and the one button that sends them. Without fields it is a question. */
export function FormDialog({ title, description, verb, isPending, error, onSubmit, onClose, children }: Props) {
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())} title={title} description={description}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit()
        }}
      >
        {children}
        <p role="alert" className={`text-attack ${children ? 'min-h-5' : ''}`}>
          {error?.message}
        </p>
        <div className="flex items-center gap-2">
          <Button kind="primary" type="submit" disabled={isPending}>
            {verb}
          </Button>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
