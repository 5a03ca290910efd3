'use client'
import { useEffect, useState } from 'react'

/** The time now, by the half minute; on the server the moment it was asked. */
export function useNow(loadedMs: number): number {
  const [nowMs, setNowMs] = useState(loadedMs)
  useEffect(() => {
    const tick = () => setNowMs(Date.now())
    tick()
    const timer = setInterval(tick, 30_000)
    return () => clearInterval(timer)
  }, [])
  return nowMs
}
