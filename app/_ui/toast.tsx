'use client'
import { createContext, useCallback, useContext, useState } from 'react'
import { latePart } from '@/app/_lib/late-part'
import type { Message } from './toast-view'

type Show = (message: Omit<Message, 'id'>) => void

// Comes with the first message.
const ToastView = latePart(() => import('./toast-view').then((part) => part.ToastView))

const ToastContext = createContext<Show>(() => {})

export const useToast = (): Show => useContext(ToastContext)

/** Short words about what just failed or happened; announced, dismissible, one at a time. */
export function ToastProvider({ children }: { children: React.ReactNode }) {
  const [message, setMessage] = useState<Message | null>(null)
  const [isNeeded, setNeeded] = useState(false)
  const show = useCallback<Show>((next) => {
    setNeeded(true)
    setMessage({ ...next, id: Date.now() })
  }, [])
  return (
    <ToastContext.Provider value={show}>
      {children}
      {isNeeded ? <ToastView message={message} onGone={() => setMessage(null)} /> : null}
    </ToastContext.Provider>
  )
}
