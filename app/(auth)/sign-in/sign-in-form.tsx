'use client'
import { useRouter } from 'next/navigation'
import { signIn } from 'next-auth/react'
import { useRef, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { DoorField } from '../_door/door-field'
import { faultOf, publicCalls } from '../_door/public-data'

const MESSAGES: Record<string, string> = {
  CredentialsSignin: 'This address and password do not belong together. Check both and try again.',
  limit_exceeded: 'Too many tries. Wait a minute, then try again.',
  unavailable: 'Sign-in is not reachable right now. Your nodes protect themselves meanwhile. Try again in a moment.',
}

/** `isSecondary`: another way in stands first. */
export function SignInForm({ to, isSecondary = false }: { to: string; isSecondary?: boolean }) {
  const router = useRouter()
  const form = useRef<HTMLFormElement>(null)
  const [error, setError] = useState<string | null>(null)
  const [said, setSaid] = useState<string | null>(null)
  const [pending, setPending] = useState(false)

  async function submit(given: FormData): Promise<void> {
    setPending(true)
    setError(null)
    setSaid(null)
    const credentials = { email: given.get('email'), password: given.get('password') }
    const result = await signIn('credentials', { ...credentials, redirect: false }).catch(() => null)
    if (result?.ok) {
      router.replace(to)
      router.refresh()
      return
    }
    setPending(false)
    setError(MESSAGES[result?.error ?? 'unavailable'] ?? MESSAGES.unavailable ?? null)
  }

  async function mailLink(): Promise<void> {
    const email = String(new FormData(form.current as HTMLFormElement).get('email') ?? '').trim()
    setError(null)
    setSaid(null)
    await publicCalls.accounts.requestLink.mutate({ email }).then(
      () => setSaid(`If ${email} has an account, a link is on its way. It is good for ten minutes.`),
      (fault: unknown) => setError(faultOf(fault).text),
    )
  }

  return (
    <form
      ref={form}
      method="post"
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void submit(new FormData(event.currentTarget))
      }}
    >
      <DoorField label="Email" name="email" type="email" autoComplete="username" required />
      <DoorField label="Password" name="password" type="password" autoComplete="current-password" required />
      <div className="mt-2 flex flex-col gap-2">
        <Button kind={isSecondary ? 'plain' : 'primary'} type="submit" disabled={pending} className="h-10 text-md">
          Sign in
        </Button>
        <Button kind="quiet" onClick={() => void mailLink()} disabled={pending} className="h-10">
          Mail me a link instead
        </Button>
      </div>
      <div className="min-h-10">
        <p role="alert" className="text-attack">
          {error}
        </p>
        <p role="status" className="text-soft">
          {said}
        </p>
      </div>
    </form>
  )
}
