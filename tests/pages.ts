import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Paths of every page below a folder of `app`, from its files: `[id]` below `nodes` takes `ids.nodes`, `[workspace]` takes
 * `ids.workspace`. A page whose object nobody names fails the call, so that a new page is never forgotten.
 */
export function pathsOfPages(root: string, folder: string, ids: Readonly<Record<string, string>>): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  const pages = files.filter((file) => /(^|\/)page\.tsx$/.test(file)).sort()
  return pages.map((file) => {
    const parts = file.split('/').filter((part) => part !== 'page.tsx' && !part.startsWith('('))
    const filled = parts.map((part, at) => {
      if (!part.startsWith('[')) return part
      const name = part === '[id]' ? (parts[at - 1] ?? '') : part.slice(1, -1)
      const id = ids[name]
      if (id === undefined) throw new Error(`No object is named for '${part}' of the page ${join(folder, file)}.`)
      return id
    })
    return `/${filled.join('/')}`
  })
}
