'use client'
import { useRouter } from 'next/navigation'
import { signIn, signOut } from 'next-auth/react'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { DoorField } from '../_door/door-field'

const MESSAGES: Record<string, string> = {
  CredentialsSignin: 'This code is not good: mistyped, used before, or its half minute is over. Type the newest one.',
  limit_exceeded: 'Too many wrong codes. Wait a quarter of an hour, or use one of your recovery codes.',
  gone: 'The first step is too long ago. Sign in again.',
  unavailable: 'Sign-in is not reachable right now. Your nodes protect themselves meanwhile. Try again in a moment.',
}

/** The code after the first step: of the authenticator, or a recovery code. */
export function SecondStepForm({ to }: { to: string }) {
  const router = useRouter()
  const [error, setError] = useState<string | null>(null)
  const [isPending, setPending] = useState(false)

  async function submit(code: string): Promise<void> {
    setPending(true)
    setError(null)
    const result = await signIn('second-step', { code, redirect: false }).catch(() => null)
    if (result?.ok) {
      router.replace(to)
      router.refresh()
      return
    }
    setPending(false)
    setError(MESSAGES[result?.error ?? 'unavailable'] ?? MESSAGES.unavailable ?? null)
  }

  return (
    <form
      method="post"
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void submit(String(new FormData(event.currentTarget).get('code') ?? ''))
      }}
    >
      <DoorField
        label="Code"
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={40}
        required
        autoFocus
        hint="Six digits from your authenticator, or a recovery code."
      />
      <div className="mt-2 flex flex-col gap-2">
        <Button kind="primary" type="submit" disabled={isPending} className="h-10 text-md">
          Sign in
        </Button>
        <Button kind="quiet" onClick={() => void signOut({ callbackUrl: '/sign-in' })} className="h-10">
          Sign in as somebody else
        </Button>
      </div>
      <p role="alert" className="min-h-10 text-attack">
        {error}
      </p>
    </form>
  )
}
