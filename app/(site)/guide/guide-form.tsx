'use client'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { DoorField } from '../../(auth)/_door/door-field'
import { faultOf, publicCalls } from '../../(auth)/_door/public-data'

/** Asks for an address; the link in the mail opens the guide. */
export function GuideForm() {
  const [sentTo, setSentTo] = useState<string | null>(null)
  const [fault, setFault] = useState<{ field: string | null; text: string } | null>(null)
  const [isPending, setPending] = useState(false)

  const submit = async (form: FormData) => {
    if (isPending) return
    const email = String(form.get('email') ?? '').trim()
    setPending(true)
    setFault(null)
    await publicCalls.site.askForGuide.mutate({ email }).then(
      () => setSentTo(email),
      (error: unknown) => setFault(faultOf(error)),
    )
    setPending(false)
  }

  if (sentTo)
    return (
      <div role="status" className="flex h-fit flex-col gap-2 text-md">
        <p className="text-lg font-semibold [overflow-wrap:anywhere]">Look into {sentTo}.</p>
        <p className="text-soft">
          The link in our mail opens the guide after one press. It is good for a day; a newer one replaces it. No mail
          after a minute? Look among unwanted mail, or{' '}
          <button type="button" onClick={() => setSentTo(null)} className="text-accent underline underline-offset-2">
            ask again
          </button>
          .
        </p>
      </div>
    )
  return (
    <form
      method="post"
      noValidate
      className="flex h-fit flex-col gap-4 lg:sticky lg:top-20 rounded-lg border border-line bg-raised p-5 sm:p-8"
      onSubmit={(event) => {
        event.preventDefault()
        void submit(new FormData(event.currentTarget))
      }}
    >
      <DoorField
        label="Where to send it"
        name="email"
        type="email"
        autoComplete="email"
        required
        placeholder="you@league.example"
        error={fault?.field === 'email' ? fault.text : null}
      />
      <Button kind="primary" type="submit" disabled={isPending} className="h-11 text-md">
        Mail me the guide
      </Button>
      <p className="text-soft">
        One mail with one link, and none after it: there is nothing to unsubscribe from. When you press the link we keep
        your address and that time, as proof that you asked.
      </p>
      <p role="alert" className="text-attack empty:hidden">
        {fault && fault.field !== 'email' ? fault.text : null}
      </p>
    </form>
  )
}
