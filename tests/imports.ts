import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** What source files import, read from their text: no compiler, so it runs in milliseconds. */

export type Import = { from: string; target: string; isOurs: boolean; typeOnly: boolean }

const SKIPPED = new Set(['node_modules', 'dist', 'generated', '.next', '.data', '.git', 'coverage', 'test-results'])

/** Source files of the repository, relative to `root`, with their text. */
export function readSources(root: string): Map<string, string> {
  const sources = new Map<string, string>()
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) walk(path)
      else if (/\.(ts|tsx|mts|mjs)$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
        sources.set(path, readFileSync(join(root, path), 'utf8'))
    }
  }
  walk('')
  return sources
}

const STATEMENT = /^(?:import|export)\s+(type\s)?([^'";]*?)\s*from\s*['"]([^'"]+)['"]/gm
const BARE = /^import\s*['"]([^'"]+)['"]/gm
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

const onlyTypes = (names: string): boolean => {
  const inner = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1]
  const listed =
    inner
      ?.split(',')
      .map((name) => name.trim())
      .filter(Boolean) ?? []
  return listed.length > 0 && listed.every((name) => name.startsWith('type '))
}

export function importsOf(path: string, text: string): Import[] {
  const found: { specifier: string; typeOnly: boolean }[] = []
  for (const [, type, names = '', specifier = ''] of text.matchAll(STATEMENT)) {
    found.push({ specifier, typeOnly: type !== undefined || onlyTypes(names) })
  }
  for (const [, specifier = ''] of text.matchAll(BARE)) found.push({ specifier, typeOnly: false })
  for (const [, specifier = ''] of text.matchAll(DYNAMIC)) found.push({ specifier, typeOnly: false })
  return found.map(({ specifier, typeOnly }) => {
    const isOurs = specifier.startsWith('.') || specifier.startsWith('@/')
    const target = specifier.startsWith('@/')
      ? specifier.slice(2)
      : isOurs
        ? normalize(join(dirname(path), specifier))
        : specifier
    return { from: path, target, isOurs, typeOnly }
  })
}
