'use client'
import { useEffect, useState } from 'react'

/** The value once it has stayed the same for so long: nothing is asked for at every key. */
export function useSteady<Value>(value: Value, waitMs: number): Value {
  const [steady, setSteady] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSteady(value), waitMs)
    return () => clearTimeout(timer)
  }, [value, waitMs])
  return steady
}
