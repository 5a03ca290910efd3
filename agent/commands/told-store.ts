import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import type { Disk } from '../disk'
import { replaceFile } from '../replace-file'

export type ToldStore<Value> = { read(): Value | null; keep(value: Value): void }

/** What the platform told last, as `shape` reads it: what a restarted agent goes by while the platform is away. */
export function createToldStore<Value>(
  what: string,
  path: string,
  shape: z.ZodType<Value>,
  disk: Disk,
): ToldStore<Value> {
  const read = (): Value | null => {
    try {
      return shape.parse(JSON.parse(readFileSync(path, 'utf8')))
    } catch {
      return null
    }
  }
  let kept = JSON.stringify(read())
  return {
    read,
    keep(value) {
      const text = JSON.stringify(value)
      // Every welcome tells it again.
      if (text === kept) return
      disk.attempt(what, () => {
        replaceFile(path, text)
        kept = text
      })
    },
  }
}
