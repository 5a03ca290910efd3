'use client'
import { Button } from '@/app/_ui/button'
import { useLink } from './use-link'

type Props = { kind: 'confirm' | 'sign_in' | 'invite'; token: string; label: string; to?: string }

/** The press that uses up a link. */
export function OpenByLink({ kind, token, label, to = '/' }: Props) {
  const { error, isPending, open } = useLink(to)
  return (
    <form
      method="post"
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void open({ kind, token })
      }}
    >
      <Button kind="primary" type="submit" disabled={isPending} className="h-10 text-md">
        {label}
      </Button>
      <p role="alert" className="min-h-10 text-attack">
        {error}
      </p>
    </form>
  )
}
