import { type Import, importsOf } from './imports'

/** Who may import whom: DESIGN section 3 as a table. Paths are prefixes from the root of the repository. */

type Layer = {
  room: string
  why: string
  /** Our own rooms it may import, itself always; absent: any that is not in `never`. */
  may?: string[]
  never?: string[]
  /** Packages it may not import by value. */
  packages?: RegExp
  /** Types may come from anywhere. */
  typesFree?: boolean
}

const TRANSPORTS_MAY = ['server/services', 'server/core', 'server/auth', 'wire']
const PAGE_WORDS = ['app/_lib/sentence', 'app/_lib/figures']

export const LAYERS: Layer[] = [
  { room: 'wire/', why: 'the ground floor imports nothing of ours', may: [] },
  { room: 'agent/', why: 'the agent ships alone', may: ['wire/'] },
  { room: 'server/core/', why: 'core imports nothing of ours', may: [] },
  {
    room: 'server/services/',
    why: 'verbs know no transport',
    never: ['server/trpc', 'server/rest', 'server/gateway', 'app/'],
    packages: /^(next($|\/)|socket\.io)/,
  },
  { room: 'server/trpc/', why: 'transports call verbs', may: [...TRANSPORTS_MAY, 'reports/'] },
  { room: 'server/rest/', why: 'transports call verbs', may: TRANSPORTS_MAY },
  {
    room: 'server/gateway/',
    why: 'the gateway calls verbs and hands pushes to ingest',
    may: [...TRANSPORTS_MAY, 'server/ingest'],
    packages: /^pg($|-)/,
  },
  {
    room: 'app/',
    why: 'pages go through the tRPC caller, the session, the brand and the price table; public status pages have no session and call their verb',
    may: [
      'wire/',
      'reports/',
      'server/trpc',
      'server/auth',
      'server/tenancy/brand',
      'server/core/prices',
      'server/services/status-pages',
      'server/env',
    ],
    packages: /^(pg($|-)|@prisma\/)/,
    typesFree: true,
  },
  {
    room: 'emails/',
    why: 'mails say what pages say: they take their words from there, and types from anywhere',
    may: ['wire/', ...PAGE_WORDS],
    typesFree: true,
  },
  {
    room: 'reports/',
    why: 'reports say what pages say, and draw nothing but what a verb gave',
    may: ['wire/', ...PAGE_WORDS, 'app/_lib/sources', 'app/_lib/reasons', 'app/_lib/feedback-effect'],
    typesFree: true,
  },
]

/** Rooms whose files, with all that they import by value, must touch no clock, disk, process, network or environment. */
export const PURE_ROOMS = [
  'server/confirm/',
  'server/notify/render',
  'emails/',
  'reports/tell',
  'reports/chart',
  'server/tenancy/route-host',
  'agent/judge/',
  'agent/mitigate/ruleset',
]

const IMPURE_PACKAGE =
  /^(node:(?!assert|buffer|util$|path$)|pg($|-)|@prisma\/|execa|cap$|pino|socket\.io|undici|next($|\/)|redis)/
const IMPURE_TEXT =
  /\bprocess\.env\b|\bDate\.now\(\)|\bnew Date\(\)|\bperformance\.now\(\)|\bsetTimeout\(|\bsetInterval\(|\bfetch\(/

/** Product code knows no lab, no bench and no test room; these may look at everything. */
const WATCHERS = ['lab/', 'bench/', 'tests/', 'server/testing/']

export const isTest = (path: string): boolean => /\.(test|spec)\.tsx?$/.test(path) || path.startsWith('tests/')

const startsWithAny = (path: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => path.startsWith(prefix))

function brokenBy(layer: Layer, { from, target, isOurs, typeOnly }: Import): boolean {
  if (!from.startsWith(layer.room) || (typeOnly && layer.typesFree)) return false
  if (!isOurs) return !typeOnly && layer.packages?.test(target) === true
  if (target.startsWith(layer.room)) return false
  if (layer.may !== undefined && !startsWithAny(target, layer.may)) return true
  return startsWithAny(target, layer.never ?? [])
}

/** Every import that breaks a layer, as a sentence. */
export function brokenLayers(sources: ReadonlyMap<string, string>): string[] {
  const product = [...sources].filter(([path]) => !isTest(path) && !startsWithAny(path, WATCHERS))
  return product.flatMap(([path, text]) =>
    importsOf(path, text).flatMap((one) => {
      const reasons = LAYERS.filter((layer) => brokenBy(layer, one)).map(({ why }) => why)
      if (one.isOurs && startsWithAny(one.target, WATCHERS))
        reasons.push('product code knows no lab, bench or test room')
      return reasons.map((why) => `${path} imports ${one.target}: ${why}`)
    }),
  )
}

const resolve = (target: string, sources: ReadonlyMap<string, string>): string | undefined =>
  ['', '.ts', '.tsx', '.mjs', '/index.ts'].map((end) => target + end).find((path) => sources.has(path))

/** What keeps a pure room from being pure, followed through everything it imports by value. */
export function impurities(sources: ReadonlyMap<string, string>): string[] {
  const faults = new Set<string>()
  const visit = (path: string, from: string, seen: Set<string>): void => {
    if (seen.has(path)) return
    seen.add(path)
    const text = sources.get(path) ?? ''
    const impure = IMPURE_TEXT.exec(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''))
    if (impure) faults.add(`${from} reaches ${path}, which uses ${impure[0]}`)
    for (const { target, isOurs, typeOnly } of importsOf(path, text)) {
      if (typeOnly) continue
      if (!isOurs && IMPURE_PACKAGE.test(target)) faults.add(`${from} reaches ${path}, which imports ${target}`)
      const file = isOurs ? resolve(target, sources) : undefined
      if (file !== undefined) visit(file, from, seen)
    }
  }
  for (const path of sources.keys()) {
    if (!isTest(path) && startsWithAny(path, PURE_ROOMS)) visit(path, path, new Set())
  }
  return [...faults]
}
