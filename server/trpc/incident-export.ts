import { z } from 'zod'
import { VECTORS } from '../../wire/vectors'
import { ValidationError } from '../core/errors'
import { formatId } from '../core/ids'
import { microsToTimestamp } from '../core/units'
import { exportIncidents } from '../services/incidents/export'
import type { Incident } from '../services/incidents/incident'
import { INCIDENT_SORTS } from '../services/incidents/list'
import { type Cell, csvLine } from './csv'
import { type FileRequest, fileHeaders, replyWithFile, streamOf } from './file-reply'
import { FilterInput } from './incident-filter'
import { namesOf } from './names'

const Asked = FilterInput.extend({ sort: z.enum(INCIDENT_SORTS).optional(), format: z.enum(['csv', 'json']) })

const at = (us: number | null): string | null => (us === null ? null : microsToTimestamp(us))

type NameOf = (userId: string) => string | null

/** Names carry their units; times are those of the node's clock, in UTC. */
const COLUMNS: Record<string, (incident: Incident, nameOf: NameOf) => Cell> = {
  id: ({ id }) => formatId('inc', id),
  state: ({ state }) => state,
  node: ({ nodeName }) => nodeName,
  vectors: ({ report }) => report.vectors.map(({ id }) => VECTORS[id].name).join('; '),
  vectorIds: ({ report }) => report.vectors.map(({ id }) => id).join('; '),
  score: ({ score }) => score,
  attackedAddresses: ({ report }) => report.target.addresses.join('; '),
  attackedPorts: ({ report }) => report.target.ports.join('; '),
  firstPacketAt: ({ firstPacketUs }) => at(firstPacketUs),
  detectedAt: ({ detectedUs }) => at(detectedUs),
  ruleInKernelAt: ({ ruleInKernelUs }) => at(ruleInKernelUs),
  storedAt: ({ storedUs }) => at(storedUs),
  firstAlertAt: ({ firstAlertUs }) => at(firstAlertUs),
  mitigatedAt: ({ mitigatedUs }) => at(mitigatedUs),
  resolvedAt: ({ resolvedUs }) => at(resolvedUs),
  peakWirePps: ({ report }) => report.traffic.peakWire.pps,
  peakWireBps: ({ report }) => report.traffic.peakWire.bps,
  wirePackets: ({ report }) => report.traffic.wirePackets,
  droppedPackets: ({ report }) => report.traffic.droppedPackets,
  droppedBytes: ({ report }) => report.traffic.droppedBytes,
  verifiedClients: ({ report }) => report.verifiedClients.count,
  verifiedPacketsIn: ({ report }) => report.verifiedClients.packetsIn,
  verifiedPacketsPastCut: ({ report }) => report.verifiedClients.packetsPastCut,
  socketBufferDrops: ({ report }) => report.verifiedClients.socketBufferDrops,
  policy: ({ report }) => `${report.policy.name} ${report.policy.version}`,
  acknowledgedAt: ({ acknowledgedUs }) => at(acknowledgedUs),
  acknowledgedBy: ({ acknowledgedBy }, nameOf) => (acknowledgedBy === null ? null : nameOf(acknowledgedBy)),
}

const cellsOf = (incident: Incident, nameOf: NameOf): [string, Cell][] =>
  Object.entries(COLUMNS).map(([name, read]) => [name, read(incident, nameOf)])

/** Streams what a filtered list shows, whole, as CSV or JSON. */
export function downloadIncidents({ asked, ...request }: FileRequest & { asked: object }): Promise<Response> {
  return replyWithFile(request, async (ctx) => {
    const parsed = Asked.safeParse(asked)
    if (!parsed.success) throw new ValidationError('Ask for format=csv or format=json, with the filter of the list.')
    const { format } = parsed.data
    const nameOf = await namesOf(ctx)
    const pages = await exportIncidents({ ctx, input: parsed.data })
    const text = format === 'csv' ? asCsv(pages, nameOf) : asJson(pages, nameOf)
    const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8'
    return new Response(streamOf(text), { headers: fileHeaders(type, `incidents.${format}`) })
  })
}

type Pages = AsyncGenerator<Incident[]>

/** Spreadsheets take a file without this mark for one of an older alphabet. */
const BYTE_ORDER_MARK = '\uFEFF'

async function* asCsv(pages: Pages, nameOf: NameOf): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(Object.keys(COLUMNS))
  for await (const page of pages)
    yield page.map((incident) => csvLine(cellsOf(incident, nameOf).map(([, cell]) => cell))).join('')
}

async function* asJson(pages: Pages, nameOf: NameOf): AsyncGenerator<string> {
  yield '{"incidents":['
  let isFirst = true
  for await (const page of pages) {
    const records = page.map((incident) => JSON.stringify(Object.fromEntries(cellsOf(incident, nameOf))))
    if (records.length > 0) yield `${isFirst ? '' : ',\n'}${records.join(',\n')}`
    isFirst = isFirst && records.length === 0
  }
  yield ']}\n'
}
