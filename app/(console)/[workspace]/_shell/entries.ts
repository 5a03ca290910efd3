import {
  CalendarDays,
  FileText,
  FolderTree,
  LayoutGrid,
  type LucideIcon,
  Settings,
  ShieldAlert,
  ShieldCheck,
} from 'lucide-react'
import type { Permission, Rights } from '@/server/core/permissions'

/** One place of the navigation, at most eight of them. `keys`: sequence that goes there. */
export type Entry = { path: string; name: string; Icon: LucideIcon; keys: string; needs: readonly Permission[] }

const ENTRIES: readonly Entry[] = [
  { path: '', name: 'Fleet', Icon: LayoutGrid, keys: 'g f', needs: ['node.read'] },
  { path: '/incidents', name: 'Incidents', Icon: ShieldAlert, keys: 'g i', needs: ['incident.read'] },
  { path: '/events', name: 'Events', Icon: CalendarDays, keys: 'g e', needs: ['group.read'] },
  { path: '/mitigation', name: 'Mitigation', Icon: ShieldCheck, keys: 'g p', needs: ['policy.read'] },
  { path: '/reports', name: 'Reports', Icon: FileText, keys: 'g r', needs: ['report.read'] },
  { path: '/groups', name: 'Groups', Icon: FolderTree, keys: 'g g', needs: ['group.read', 'node.read'] },
  { path: '/settings', name: 'Settings', Icon: Settings, keys: 'g s', needs: ['member.read'] },
]

/** The places that somebody with these rights may open. */
export const entriesFor = (may: Rights): Entry[] => ENTRIES.filter(({ needs }) => needs.every((one) => may[one]))
