import type { Role } from '../../core/permissions'
import { downloadEvidence } from '../../trpc/evidence-download'
import type { FileRequest } from '../../trpc/file-reply'
import { downloadIncidents } from '../../trpc/incident-export'
import type { Ids } from './objects'

export type FileRow = {
  /** What the route calls, and from where. */
  calls: { name: string; from: string }
  give: (request: FileRequest, of: Ids) => Promise<Response>
  may: readonly Role[]
  takes: 'incident' | 'group' | null
  inGroup: boolean
}

const RULES_ON: readonly Role[] = ['owner', 'admin', 'operator', 'analyst', 'official']
const FOLLOWS: readonly Role[] = [...RULES_ON, 'team_manager']

/** Every route below app/(console) that gives a file, and who may have it, written by hand after PRODUCT.md. */
export const FILES: Record<string, FileRow> = {
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
}
