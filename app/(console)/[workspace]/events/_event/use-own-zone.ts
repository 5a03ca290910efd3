'use client'
import { useSyncExternalStore } from 'react'

const never = () => () => {}
const read = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

/** The reader's zone; the server, which cannot know it, writes UTC until the page is alive. */
export const useOwnZone = (): string => useSyncExternalStore(never, read, () => 'UTC')
