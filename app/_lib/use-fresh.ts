import { useCallback, useEffect, useRef, useState } from 'react'

/**
 * What a page came with, asked for again by `refresh`, every `everyMs`, and when somebody comes back to the window. What
 * cannot be had now stays as it was; of two answers the one that was asked for last counts.
 */
export function useFresh<Value>(
  loaded: Value,
  load: () => Promise<Value>,
  everyMs: number | null,
): [value: Value, refresh: () => void] {
  const [known, setKnown] = useState({ loaded, value: loaded })
  if (known.loaded !== loaded) setKnown({ loaded, value: loaded })
  const asked = useRef(0)
  const refresh = useCallback(() => {
    asked.current += 1
    const turn = asked.current
    load().then(
      (value) => (turn === asked.current ? setKnown((before) => ({ ...before, value })) : undefined),
      () => undefined,
    )
  }, [load])
  useEffect(() => {
    const look = () => (document.visibilityState === 'visible' ? refresh() : undefined)
    const timer = everyMs === null ? undefined : setInterval(look, everyMs)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [refresh, everyMs])
  return [known.value, refresh]
}
