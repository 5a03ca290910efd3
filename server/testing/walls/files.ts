import type { Role } from '../../core/permissions'
import { downloadAudit } from '../../trpc/audit-export'
import { downloadEvidence } from '../../trpc/evidence-download'
import type { FileRequest } from '../../trpc/file-reply'
import { downloadIncidents } from '../../trpc/incident-export'
import { downloadGroupReport, downloadIncidentReport } from '../../trpc/report-download'
import type { Ids } from './objects'

export type FileRow = {
  /** What the route calls, and from where. */
  calls: { name: string; from: string }
  give: (request: FileRequest, of: Ids) => Promise<Response>
  may: readonly Role[]
  takes: 'incident' | 'group' | null
  inGroup: boolean
}

const READS: readonly Role[] = ['owner', 'admin', 'operator', 'analyst']
const RULES_ON: readonly Role[] = ['owner', 'admin', 'operator', 'analyst', 'official']
const FOLLOWS: readonly Role[] = [...RULES_ON, 'team_manager']

const WATCHES: readonly Role[] = [...FOLLOWS, 'broadcaster']
const SPAN = { fromMs: 0, toMs: 1 }

/** Every route below app/(console) that gives a file, and who may have it, written by hand after PRODUCT.md. */
export const FILES: Record<string, FileRow> = {
  'incidents/[id]/report.pdf': {
    calls: { name: 'downloadIncidentReport', from: '@/server/trpc/report-download' },
    give: (request, of) => downloadIncidentReport({ ...request, asked: { id: of.incident, edition: 'sponsor' } }),
    may: WATCHES,
    takes: 'incident',
    inGroup: true,
  },
  'incidents/[id]/report.pdf?for=league': {
    calls: { name: 'downloadIncidentReport', from: '@/server/trpc/report-download' },
    give: (request, of) => downloadIncidentReport({ ...request, asked: { id: of.incident, edition: 'league' } }),
    may: FOLLOWS,
    takes: 'incident',
    inGroup: true,
  },
  'incidents/[id]/report.pdf?for=retrospective': {
    calls: { name: 'downloadIncidentReport', from: '@/server/trpc/report-download' },
    give: (request, of) => downloadIncidentReport({ ...request, asked: { id: of.incident, edition: 'retrospective' } }),
    may: FOLLOWS,
    takes: 'incident',
    inGroup: true,
  },
  'reports/report.pdf': {
    calls: { name: 'downloadGroupReport', from: '@/server/trpc/report-download' },
    give: (request, of) => downloadGroupReport({ ...request, asked: { id: of.group, edition: 'sponsor', ...SPAN } }),
    may: WATCHES,
    takes: 'group',
    inGroup: true,
  },
  'reports/report.pdf?for=league': {
    calls: { name: 'downloadGroupReport', from: '@/server/trpc/report-download' },
    give: (request, of) => downloadGroupReport({ ...request, asked: { id: of.group, edition: 'league', ...SPAN } }),
    may: FOLLOWS,
    takes: 'group',
    inGroup: true,
  },
  'incidents/[id]/evidence': {
    calls: { name: 'downloadEvidence', from: '@/server/trpc/evidence-download' },
    give: (request, of) => downloadEvidence({ ...request, id: of.incident }),
    may: RULES_ON,
    takes: 'incident',
    inGroup: true,
  },
  'incidents/export': {
    calls: { name: 'downloadIncidents', from: '@/server/trpc/incident-export' },
    give: (request) => downloadIncidents({ ...request, asked: { format: 'csv' } }),
    may: FOLLOWS,
    takes: null,
    inGroup: true,
  },
  'settings/audit/export': {
    calls: { name: 'downloadAudit', from: '@/server/trpc/audit-export' },
    give: (request) => downloadAudit({ ...request, asked: { format: 'csv' } }),
    may: READS,
    takes: null,
    inGroup: false,
  },
}
