import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unpackWoff } from './unpack-woff'

export type Face = 'text' | 'strong' | 'code'

/** Alphabets in the order in which they are tried. */
const SUBSETS = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext', 'vietnamese'] as const
const FILES: Record<Face, (subset: string) => string> = {
  text: (subset) => `inter/files/inter-${subset}-400-normal.woff`,
  strong: (subset) => `inter/files/inter-${subset}-600-normal.woff`,
  code: (subset) => `jetbrains-mono/files/jetbrains-mono-${subset}-400-normal.woff`,
}

/** Says of each file of a face whether it can be had: the code face has fewer alphabets. */
export const MONO_LACKS: readonly string[] = ['greek-ext']

export const subsetsOf = (face: Face): readonly string[] =>
  face === 'code' ? SUBSETS.filter((subset) => !MONO_LACKS.includes(subset)) : SUBSETS

const read = new Map<string, Buffer>()

/** Bytes of a font, read once a process. The folder of packages stands beside what runs, in a build as in the source. */
export function fontBytes(face: Face, subset: string): Buffer {
  const path = join(/* turbopackIgnore: true */ process.cwd(), 'node_modules/@fontsource', FILES[face](subset))
  const known = read.get(path) ?? unpackWoff(readFileSync(path))
  read.set(path, known)
  return known
}
