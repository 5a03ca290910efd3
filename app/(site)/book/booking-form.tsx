'use client'
import { useRef, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { DoorField } from '../../(auth)/_door/door-field'
import { faultOf, publicCalls } from '../../(auth)/_door/public-data'
import { SiteSelect, SiteText } from '../_site/site-field'

type Answer = { email: string; isConfirmedByMail: boolean }

const RUNS = [
  ['matches', 'Match servers'],
  ['streams', 'Live streams'],
  ['both', 'Both'],
  ['other', 'Something else'],
] as const
const SERVERS = ['1 to 10', '11 to 50', '51 to 250', 'more than 250', 'not known yet'] as const

export function BookingForm({ sendsMail }: { sendsMail: boolean }) {
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [fault, setFault] = useState<{ field: string | null; text: string } | null>(null)
  const [isPending, setPending] = useState(false)
  // One id a form: sent twice, it is one request.
  const id = useRef<string | null>(null)
  const errorOf = (field: string) => (fault?.field === field ? fault.text : null)

  const submit = async (form: FormData) => {
    if (isPending) return
    const text = (name: string) => String(form.get(name) ?? '')
    id.current ??= newUuid()
    const email = text('email').trim()
    setPending(true)
    setFault(null)
    const given = {
      id: id.current,
      email,
      name: text('name'),
      organisation: text('organisation'),
      runs: text('runs'),
      servers: text('servers'),
      preferredTime: text('preferredTime'),
      message: text('message'),
    }
    await publicCalls.site.book.mutate(given).then(
      ({ isConfirmedByMail }) => setAnswer({ email, isConfirmedByMail }),
      (error: unknown) => setFault(faultOf(error)),
    )
    setPending(false)
  }

  if (answer) return <Received {...answer} />
  return (
    <form
      method="post"
      noValidate
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        void submit(new FormData(event.currentTarget))
      }}
    >
      {sendsMail ? null : (
        <p className="rounded-md border border-line-strong p-3 text-soft">
          This platform sends no mail yet. Your request is kept for whoever runs it, and no confirmation comes.
        </p>
      )}
      <div className="grid gap-5 sm:grid-cols-2">
        <DoorField label="Your name" name="name" autoComplete="name" required error={errorOf('name')} />
        <DoorField
          label="Organisation"
          name="organisation"
          autoComplete="organization"
          required
          error={errorOf('organisation')}
        />
      </div>
      <DoorField label="Email" name="email" type="email" autoComplete="email" required error={errorOf('email')} />
      <div className="grid gap-5 sm:grid-cols-2">
        <SiteSelect label="What you run" name="runs" options={RUNS} />
        <SiteSelect label="How many servers" name="servers" options={SERVERS.map((words) => [words, words] as const)} />
      </div>
      <DoorField
        label="When it suits you"
        name="preferredTime"
        maxLength={120}
        hint="Days and hours, with your time zone. May stay empty."
        error={errorOf('preferredTime')}
      />
      <SiteText
        label="What we should know"
        name="message"
        maxLength={2_000}
        hint="Your event, what happened last time, what you use today. May stay empty."
        error={errorOf('message')}
      />
      <div className="flex flex-col gap-3">
        <Button kind="primary" type="submit" disabled={isPending} className="h-11 w-fit px-5 text-md">
          Send the request
        </Button>
        <p className="max-w-md text-sm text-faint">
          What you write is used to answer you, and for nothing else. No newsletter follows.
        </p>
        <p role="alert" className="min-h-5 text-attack">
          {fault && (fault.field === null || !KNOWN.includes(fault.field)) ? fault.text : null}
        </p>
      </div>
    </form>
  )
}

const KNOWN = ['name', 'organisation', 'email', 'preferredTime', 'message']

/** A page without TLS has no `randomUUID`. */
function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function Received({ email, isConfirmedByMail }: Answer) {
  return (
    <div role="status" className="flex max-w-md flex-col gap-2 text-md">
      <p className="text-lg font-semibold">Your request is here.</p>
      <p className="text-soft [overflow-wrap:anywhere]">
        {isConfirmedByMail
          ? `A confirmation is on its way to ${email}. The answer comes there as well.`
          : `It is kept for whoever runs this platform, with ${email} to answer to. No mail goes out from here yet, so no confirmation comes.`}
      </p>
      <p className="text-soft">
        Until then:{' '}
        <a href="/guide" className="text-accent underline underline-offset-2">
          the implementation guide
        </a>{' '}
        says what to prepare.
      </p>
    </div>
  )
}
