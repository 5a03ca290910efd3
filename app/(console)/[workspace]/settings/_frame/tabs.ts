import type { Permission, Rights } from '@/server/core/permissions'

/** One part of the settings. */
export type Tab = { path: string; name: string; needs: Permission }

const TABS: readonly Tab[] = [
  { path: 'members', name: 'Members', needs: 'member.read' },
  { path: 'audit', name: 'Audit log', needs: 'audit.read' },
  { path: 'sign-in', name: 'Sign-in', needs: 'sign_in.read' },
]

/** The tabs that somebody with these rights may open. */
export const tabsFor = (may: Rights): Tab[] => TABS.filter(({ needs }) => may[needs])
