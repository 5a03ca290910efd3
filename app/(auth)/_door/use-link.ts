'use client'
import { signIn } from 'next-auth/react'
import { useState } from 'react'

type Given = { kind: 'confirm' | 'sign_in' | 'invite'; token: string; name?: string; password?: string }

const GONE = 'This link is good no more: it was used, replaced by a newer one, or its time is over.'
const AWAY = 'Sign-in is not reachable right now. Your nodes protect themselves meanwhile. Try again in a moment.'

/** Opens a session with a link that was mailed; loads the workspace when it did. */
export function useLink(to: string): {
  error: string | null
  isPending: boolean
  open: (given: Given) => Promise<void>
} {
  const [error, setError] = useState<string | null>(null)
  const [isPending, setPending] = useState(false)
  const open = async (given: Given) => {
    setPending(true)
    setError(null)
    const result = await signIn('link', { ...given, redirect: false }).catch(() => null)
    if (result?.ok) {
      window.location.assign(to)
      return
    }
    setPending(false)
    setError(wordsOf(result?.error ?? 'unavailable'))
  }
  return { error, isPending, open }
}

function wordsOf(error: string): string {
  if (error === 'CredentialsSignin') return GONE
  return error === 'unavailable' ? AWAY : error
}
