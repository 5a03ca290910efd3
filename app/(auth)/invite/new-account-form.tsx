'use client'
import { Button } from '@/app/_ui/button'
import { DoorField } from '../_door/door-field'
import { useLink } from '../_door/use-link'

/** Name and password of somebody who is new here; the address is proved by the link. */
export function NewAccountForm({ token, to }: { token: string; to: string }) {
  const { error, isPending, open } = useLink(to)
  return (
    <form
      method="post"
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        void open({ kind: 'invite', token, name: String(form.get('name')), password: String(form.get('password')) })
      }}
    >
      <DoorField label="Your name" name="name" autoComplete="name" required maxLength={80} />
      <DoorField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        hint="Ten characters or more, in no list of leaked ones."
      />
      <Button kind="primary" type="submit" disabled={isPending} className="mt-2 h-10 text-md">
        Accept and open
      </Button>
      <p role="alert" className="min-h-10 text-attack">
        {error}
      </p>
    </form>
  )
}
