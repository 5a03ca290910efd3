'use client'
import { useEffect, useState } from 'react'

/** Resolves tokens for canvases, which know no CSS variables. */
export function readColour(token: string, alpha = 1): string {
  const probe = document.createElement('span')
  probe.style.color = alpha === 1 ? `var(${token})` : `color-mix(in oklch, var(${token}) ${alpha * 100}%, transparent)`
  document.body.append(probe)
  const colour = getComputedStyle(probe).color
  probe.remove()
  return colour
}

/** Changes whenever the scheme does, so that a canvas can be painted again. */
export function useSchemeVersion(): number {
  const [version, setVersion] = useState(0)
  useEffect(() => {
    const bump = () => setVersion((before) => before + 1)
    const media = ['(prefers-color-scheme: dark)', 'print'].map((query) => matchMedia(query))
    const observer = new MutationObserver(bump)
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    for (const query of media) query.addEventListener('change', bump)
    return () => {
      observer.disconnect()
      for (const query of media) query.removeEventListener('change', bump)
    }
  }, [])
  return version
}
