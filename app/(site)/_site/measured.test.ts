import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { COST, INSTALL, MACHINE, MAIL, OUTAGES, PEER, SCENARIOS, STAGE_SET, STAGES, SURGE, WORST_RUN } from './measured'

const SITE = dirname(dirname(fileURLToPath(import.meta.url)))
const ROOT = join(SITE, '../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8').replace(/\s+/g, ' ')
const sources = `${read('README.md')} ${read('docs/measured.md')}`

/** Rows of README's table of stages: label, median, worst, promised. */
const rows = [...read('README.md').matchAll(/\| ([a-z][^|]*?) \| ([\d.]+) \| ([\d.]+) \| (?:–|\d+) \/ (\d+) \|/g)].map(
  ([, label, ...numbers]) => [label, ...numbers.map(Number)],
)

const texts = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : value === null ? [] : Object.values(value as object).flatMap(texts)

describe('figures of the public pages', () => {
  test('are those of README’s table, each stage of it and none beside', () => {
    const shown = STAGES.map(({ label, medianMs, worstMs, promisedMs }) => [label, medianMs, worstMs, promisedMs])
    expect(rows.length).toBe(6)
    expect([...shown].sort()).toEqual([...rows].sort())
  })

  const parts: [string, unknown][] = [
    ...SCENARIOS.map(({ name, what: _, ...figures }): [string, unknown] => [name, figures]),
    ['worst run', WORST_RUN],
    ['surge', SURGE],
    ['outages', OUTAGES],
    ['cost', COST],
    ['peer', PEER],
    ['mail', MAIL],
    ['install', INSTALL],
    ['machine', MACHINE],
    ['set', { rate: STAGE_SET.rate, floods: STAGE_SET.floods }],
  ]
  test.each(parts)('%s: stand word for word in what was measured', (_, figures) => {
    for (const text of texts(figures)) expect(sources).toContain(text)
  })

  test('are written nowhere else: a page that names a time or a share takes it from here', () => {
    const files = readdirSync(SITE, { recursive: true, encoding: 'utf8' }).filter(
      (path) => /\.tsx?$/.test(path) && !path.includes('measured.'),
    )
    const found = files.flatMap((path) => {
      const text = readFileSync(join(SITE, path), 'utf8').replace(
        /className=("[^"]*"|\{`[^`]*`\})|\/\*[\s\S]*?\*\//g,
        '',
      )
      return [...text.matchAll(/\d[\d.,]*\s?(?:%|(?:ms|µs|kpps|pps|packets|MB|Gbit)\b)/g)].map(
        ([figure]) => `${path}: ${figure}`,
      )
    })
    expect(files.length).toBeGreaterThan(10)
    expect(found).toEqual([])
  })
})
