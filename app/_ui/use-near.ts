import { type RefObject, useEffect, useState } from 'react'

/** Drawn before it is on screen, so that scrolling meets nothing empty. */
const MARGIN = '600px 0px'

const waiting = new Map<Element, () => void>()
let observer: IntersectionObserver | null = null

/** One observer for all: hundreds of them cost more than what they save. */
function whenNear(element: Element, arrived: () => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) if (isIntersecting) waiting.get(target)?.()
    },
    { rootMargin: MARGIN },
  )
  waiting.set(element, arrived)
  observer.observe(element)
  return () => {
    waiting.delete(element)
    observer?.unobserve(element)
  }
}

/** Whether an element is on screen or soon will be; once it was, it stays so. `isSure`: where that is known without looking. */
export function useNear(element: RefObject<Element | null>, isSure: boolean): boolean {
  const [isNear, setNear] = useState(isSure)
  useEffect(() => {
    if (isNear || !element.current) return
    return whenNear(element.current, () => setNear(true))
  }, [element, isNear])
  return isNear || isSure
}
