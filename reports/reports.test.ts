import fc from 'fast-check'
import { extractText, getDocumentProxy } from 'unpdf'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report, ReportedIncident } from '../server/services/reports/report'
import { simulatedReport, simulatedSample } from '../server/testing/agent-simulator'
import { drawChart } from './chart'
import type { Block, ReportDocument } from './document'
import { timeUnder } from './figures-of'
import { renderPdf } from './pdf/render'
import { tellReport } from './tell'

const STARTED_MS = Date.UTC(2026, 10, 20, 20, 0, 0)
const us = (afterMs: number): number => (STARTED_MS + afterMs) * 1_000

function incident(part: Partial<ReportedIncident> = {}): ReportedIncident {
  const report = simulatedReport({}, us(9_000))
  return {
    id: report.id,
    nodeId: report.id,
    nodeName: 'match-03',
    state: 'resolved',
    revision: 1,
    score: 0.98,
    report: {
      ...report,
      traffic: { ...report.traffic, wirePackets: 3_400_000, droppedPackets: 3_300_000 },
      verifiedClients: { count: 38, packetsIn: 10_000, packetsPastCut: 9_990, socketBufferDrops: 0 },
    },
    openedUs: us(5),
    firstPacketUs: us(0),
    detectedUs: us(5),
    ruleInKernelUs: us(9.4),
    storedUs: us(20),
    evidenceSecuredUs: us(44),
    firstAlertUs: us(60),
    mitigatedUs: us(1_240),
    endingUs: us(32_000),
    resolvedUs: us(42_000),
    updatedUs: us(42_000),
    acknowledgedUs: null,
    acknowledgedBy: null,
    places: ['Spring Major', 'Match 3'],
    timeline: [{ id: '1', atUs: us(5), kind: 'opened', text: 'A flood began', actorKind: 'agent', actorId: 'x' }],
    mitigations: [],
    samples: Array.from({ length: 90 }, (_, second) => simulatedSample(STARTED_MS + (second - 30) * 1_000)),
    evidence: null,
    sources: null,
    deliveries: null,
    notes: null,
    feedback: null,
    ...part,
  }
}

const report = (part: Partial<Report> = {}): Report => ({
  scope: { kind: 'incident' },
  edition: 'league',
  workspaceName: 'Spring League',
  madeMs: STARTED_MS + 3_600_000,
  nodeCount: 1,
  incidents: [incident()],
  leftOut: 0,
  ...part,
})

const wordsOf = (document: ReportDocument): string => JSON.stringify(document.blocks)

async function pagesOf(document: ReportDocument): Promise<string[]> {
  const pdf = await getDocumentProxy(new Uint8Array(await renderPdf(document)))
  return (await extractText(pdf, { mergePages: false })).text
}

describe('a report', () => {
  it('tells the sponsor no address, no rate and no identity of a server that belongs to a match', () => {
    const said = wordsOf(tellReport(report({ edition: 'sponsor' }), 'UTC'))
    for (const secret of ['203.0.113.10', '27015', 'pps', 'bit/s', 'match-03', 'nft', 'udp'])
      expect(said).not.toContain(secret)
    expect(said).toContain('Match 3')
    expect(said).toContain('99.90 %')
  })

  it('says so where evidence is left out, and names hashes, key and every hand where it is not', () => {
    expect(wordsOf(tellReport(report(), 'UTC'))).toContain('receives no evidence')
    const evidence = [
      {
        id: 'e',
        sha256: 'ab'.repeat(32),
        bytes: 5_000,
        state: 'uploaded' as const,
        registeredAt: new Date(STARTED_MS),
        uploadedAt: new Date(STARTED_MS),
        signed: {
          signature: 's',
          manifest: {
            format: 'evidence-manifest/1' as const,
            incidentId: 'i',
            nodeId: 'n',
            createdUs: us(0),
            onsetUs: us(0),
            packetsBeforeOnset: 871,
            clock: { source: 'chrony', offsetUs: 42 },
            tool: { name: 'agent', version: '1' },
            publicKey: 'KEYKEYKEY',
            files: [],
          },
        },
        custody: [{ at: new Date(STARTED_MS), actorKind: 'user', actorId: 'u1', action: 'downloaded', detail: '' }],
      },
    ]
    const said = wordsOf(tellReport(report({ incidents: [incident({ evidence })] }), 'UTC', () => 'Olga Official'))
    for (const fact of ['ab'.repeat(32), 'KEYKEYKEY', '871', 'Olga Official', 'Downloaded'])
      expect(said).toContain(fact)
  })

  it('counts time under attack once, however many servers were', () => {
    const [a, b] = [incident(), incident({ firstPacketUs: us(20_000), resolvedUs: us(60_000) })]
    expect(timeUnder([a, b], STARTED_MS, STARTED_MS + 3_600_000)).toBe(60_000)
    expect(timeUnder([a], STARTED_MS + 40_000, STARTED_MS + 41_000)).toBe(1_000)
  })

  it('writes its times in the zone it names', () => {
    const { origin, blocks } = tellReport(report(), 'America/New_York')
    expect(origin).toContain('All times in America/New_York')
    expect(JSON.stringify(blocks)).toContain('15:00:00.000')
  })

  it.each(['league', 'sponsor', 'retrospective'] as const)('is whole without any incident, for %s', async (edition) => {
    const scope = { kind: 'group', name: 'Quiet Cup', fromMs: STARTED_MS, toMs: STARTED_MS + 1 } as const
    const document = tellReport(report({ edition, scope, incidents: [] }), 'UTC')
    expect((await pagesOf(document)).join(' ')).toContain('No attack was seen')
  })
})

describe('as a PDF', () => {
  let pages: string[]
  beforeAll(async () => {
    const many = Array.from({ length: 30 }, (_, index) => incident({ nodeName: `match-${index}` }))
    pages = await pagesOf(
      tellReport(
        report({
          edition: 'retrospective',
          incidents: many,
          scope: { kind: 'workspace', fromMs: 0, toMs: STARTED_MS },
        }),
        'UTC',
      ),
    )
  })

  it('holds its text, selectable, on numbered pages', () => {
    expect(pages.length).toBeGreaterThan(3)
    for (const [index, page] of pages.entries()) expect(page).toContain(`page ${index + 1} of ${pages.length}`)
    const all = pages.join(' ')
    for (const words of ['Retrospective', 'Spring League', 'match-29', 'Rule in the kernel', '9.4 ms'])
      expect(all).toContain(words)
  })

  it('embeds its fonts and loads nothing', async () => {
    const bytes = Buffer.from(await renderPdf(tellReport(report(), 'UTC'))).toString('latin1')
    expect(bytes.startsWith('%PDF-1.7')).toBe(true)
    expect(bytes).toMatch(/\/FontFile[23]/)
    expect(bytes).not.toContain('Helvetica')
    expect(bytes).not.toMatch(/\/(URI|JavaScript|Launch|EmbeddedFile)\b/)
  })

  it('keeps other alphabets, and says when a sign is in none of its fonts', { timeout: 20_000 }, async () => {
    const named = (nodeName: string) => tellReport(report({ incidents: [incident({ nodeName, places: [] })] }), 'UTC')
    expect((await pagesOf(named('Матч Ångström Ωmega'))).join(' ')).toContain('Матч Ångström Ωmega')
    expect((await pagesOf(named('match 🌊'))).join(' ')).toContain('are shown as')
    const hostile = named(`<script>alert(1)</script>\u202E${'x'.repeat(300)}\0`)
    expect((await pagesOf(hostile)).join(' ')).toContain('<script>alert(1)</script>')
  })
})

it('a chart stays in its box, whatever is drawn', () => {
  const point = fc.record({
    wirePps: fc.double({ min: 0, max: 1e9, noNaN: true }),
    deliveredPps: fc.double({ min: 0, max: 1e9, noNaN: true }),
    usualPpsHigh: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
  })
  fc.assert(
    fc.property(
      fc.array(point, { minLength: 2, maxLength: 50 }),
      fc.constantFrom('wire', 'delivered'),
      (given, what) => {
        const points = given.map((one, index) => ({ ...one, atMs: STARTED_MS + index * 1_000 }))
        const chart = {
          kind: 'chart',
          label: '',
          points,
          startedMs: STARTED_MS,
          endedMs: STARTED_MS + 5_000,
          seconds: 1,
        } satisfies Block
        const drawn = drawChart(chart, what, 400, 100)
        for (const [x, y] of [...drawn.lines, ...drawn.usual].flat()) {
          expect(x).toBeGreaterThanOrEqual(0)
          expect(x).toBeLessThanOrEqual(400)
          expect(y).toBeGreaterThanOrEqual(-1e-6)
          expect(y).toBeLessThanOrEqual(100 + 1e-6)
        }
      },
    ),
  )
})
