'use client'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { DoorField } from '../_door/door-field'
import { faultOf, publicCalls } from '../_door/public-data'

export function SignUpForm() {
  const [sentTo, setSentTo] = useState<string | null>(null)
  const [fault, setFault] = useState<{ field: string | null; text: string } | null>(null)
  const [isPending, setPending] = useState(false)
  const errorOf = (field: string) => (fault?.field === field ? fault.text : null)

  const submit = async (form: FormData) => {
    const text = (name: string) => String(form.get(name) ?? '')
    const email = text('email').trim()
    setPending(true)
    setFault(null)
    const given = { email, name: text('name'), workspaceName: text('workspaceName'), password: text('password') }
    await publicCalls.accounts.signUp.mutate(given).then(
      () => setSentTo(email),
      (error: unknown) => setFault(faultOf(error)),
    )
    setPending(false)
  }

  if (sentTo) {
    return (
      <div role="status" className="flex flex-col gap-2 text-md">
        <p className="font-medium">Look into {sentTo}.</p>
        <p className="text-soft">
          The link in our mail opens your workspace. It is good for a day. No mail after a minute? Look among unwanted
          mail, or send the form again.
        </p>
      </div>
    )
  }
  return (
    <form
      method="post"
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void submit(new FormData(event.currentTarget))
      }}
    >
      <DoorField
        label="Organisation"
        name="workspaceName"
        autoComplete="organization"
        required
        hint="The workspace gets its name; you can change it later."
        error={errorOf('workspaceName')}
      />
      <DoorField label="Your name" name="name" autoComplete="name" required error={errorOf('name')} />
      <DoorField label="Email" name="email" type="email" autoComplete="username" required error={errorOf('email')} />
      <DoorField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        hint="Ten characters or more, in no list of leaked ones."
        error={errorOf('password')}
      />
      <Button kind="primary" type="submit" disabled={isPending} className="mt-2 h-10 text-md">
        Create the workspace
      </Button>
      <p role="alert" className="min-h-10 text-attack">
        {fault && fault.field === null ? fault.text : null}
      </p>
    </form>
  )
}
