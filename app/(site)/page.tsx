import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { EmptyState } from '@/app/_ui/empty-state'
import { getPendingSession, getSession } from '@/server/auth/session'
import { getCaller } from '@/server/trpc/caller'
import { ProductPage } from './_site/product-page'

export const metadata: Metadata = { alternates: { canonical: '/' } }

/** Whoever is signed in came for their servers; `/product` shows them this page all the same. */
export default async function Home() {
  if (!(await getSession())) {
    // The first step of signing in leads here as well: the second is asked for there.
    if (await getPendingSession()) redirect('/sign-in')
    return <ProductPage />
  }
  const [first] = await (await getCaller()).workspaces.list()
  if (first) redirect(`/${first.slug}`)
  return (
    <div className="mx-auto max-w-2xl p-6 pt-[14vh]">
      <EmptyState isWholePage title="You belong to no workspace yet">
        <p>
          A workspace holds the servers of one organisation. Ask its owner or an admin to add you, then open this page
          again.
        </p>
      </EmptyState>
    </div>
  )
}
