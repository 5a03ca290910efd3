import { redirect } from 'next/navigation'
import { getSession } from '@/server/auth/session'
import { getCaller } from '@/server/trpc/caller'
import { EmptyState } from './_ui/empty-state'

/** Leads to the first workspace one belongs to. */
export default async function Start() {
  if (!(await getSession())) redirect('/sign-in')
  const [first] = await (await getCaller()).workspaces.list()
  if (first) redirect(`/${first.slug}`)
  return (
    <main className="mx-auto max-w-2xl p-6 pt-[18vh]">
      <EmptyState isWholePage title="You belong to no workspace yet">
        <p>
          A workspace holds the servers of one organisation. Ask its owner or an admin to add you, then open this page
          again.
        </p>
      </EmptyState>
    </main>
  )
}
