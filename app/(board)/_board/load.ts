import { notFound } from 'next/navigation'
import { getCaller } from '@/server/trpc/caller'

/** What a link shows at this moment; without one, the page that says so. */
export async function loadByLink(token: string) {
  const found = await (await getCaller()).boards.byLink({ token })
  return found ?? notFound()
}

export const schemeOf = (value: string | string[] | undefined): 'light' | 'dark' | null =>
  value === 'light' || value === 'dark' ? value : null
