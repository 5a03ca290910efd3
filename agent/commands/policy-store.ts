import { readFileSync } from 'node:fs'
import { Policy } from '../../wire/messages'
import type { Disk } from '../disk'
import { replaceFile } from '../replace-file'

export type PolicyStore = { read(): Policy | null; keep(policy: Policy): void }

/** The policy that the platform told last: what a restarted agent goes by while the platform is away. */
export function createPolicyStore(path: string, disk: Disk): PolicyStore {
  const read = (): Policy | null => {
    try {
      return Policy.parse(JSON.parse(readFileSync(path, 'utf8')))
    } catch {
      return null
    }
  }
  let kept = JSON.stringify(read())
  return {
    read,
    keep(policy) {
      const text = JSON.stringify(policy)
      // Every welcome tells it again.
      if (text === kept) return
      disk.attempt('policy', () => {
        replaceFile(path, text)
        kept = text
      })
    },
  }
}
