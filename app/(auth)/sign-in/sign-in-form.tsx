'use client'
import { useRouter } from 'next/navigation'
import { signIn } from 'next-auth/react'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'

const MESSAGES: Record<string, string> = {
  CredentialsSignin: 'This address and password do not belong together. Check both and try again.',
  limit_exceeded: 'Too many tries. Wait a minute, then try again.',
  unavailable: 'Sign-in is not reachable right now. Your nodes protect themselves meanwhile. Try again in a moment.',
}

const FIELD = 'h-10 rounded-md border border-line-strong bg-raised px-3 text-md'

export function SignInForm({ to }: { to: string }) {
  const router = useRouter()
  const [error, setError] = useState<string | null>(null)
  const [pending, setPending] = useState(false)

  async function submit(form: FormData): Promise<void> {
    setPending(true)
    setError(null)
    const given = { email: form.get('email'), password: form.get('password') }
    const result = await signIn('credentials', { ...given, redirect: false }).catch(() => null)
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
        void submit(new FormData(event.currentTarget))
      }}
    >
      <label className="flex flex-col gap-1.5">
        <span className="font-medium">Email</span>
        <input name="email" type="email" autoComplete="username" required className={FIELD} />
      </label>
      <label className="flex flex-col gap-1.5">
        <span className="font-medium">Password</span>
        <input name="password" type="password" autoComplete="current-password" required className={FIELD} />
      </label>
      <Button kind="primary" type="submit" disabled={pending} className="mt-2 h-10 text-md">
        Sign in
      </Button>
      <p role="alert" className="min-h-10 text-attack">
        {error}
      </p>
    </form>
  )
}
