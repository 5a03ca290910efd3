import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { LiveProvider } from '@/app/_lib/live'
import { orNotFound } from '@/app/_lib/or-not-found'
import { roleNames } from '@/app/_lib/roles'
import { ShortcutProvider } from '@/app/_lib/shortcuts'
import { isTheme, THEME_COOKIE } from '@/app/_lib/theme'
import { EmptyState } from '@/app/_ui/empty-state'
import { ToastProvider } from '@/app/_ui/toast'
import { getSession } from '@/server/auth/session'
import { getCaller, readWorkspace } from '@/server/trpc/caller'
import { entriesFor } from './_shell/entries'
import { NAV_COOKIE } from './_shell/nav-cookie'
import { Shell } from './_shell/shell'
import { TrialLine } from './_shell/trial-line'
import { LazyGate } from './account/second-factor/lazy-gate'

type Props = { params: Promise<{ workspace: string }>; children: React.ReactNode }

export default async function ConsoleLayout({ params, children }: Props) {
  const { workspace: slug } = await params
  const session = await getSession()
  if (!session) redirect(`/sign-in?to=${encodeURIComponent((await headers()).get('x-path') ?? `/${slug}`)}`)
  const caller = await getCaller()
  // What most visits need is asked for beside what few of them are stopped by.
  const reading = readWorkspace(slug)
  const stopping = reading.then(({ may }) => (may['workspace.read'] ? caller.policies.stops({ workspace: slug }) : []))
  stopping.catch(() => {})
  const asking = (await caller.workspaces.list()).find((one) => one.slug === slug && one.lacksSecondFactor)
  if (asking) {
    const { hasPassword } = await caller.secondFactor.get()
    return <LazyGate workspaceName={asking.name} account={session.email} hasPassword={hasPassword} />
  }
  const workspace = await orNotFound(reading)
  const stops = await stopping
  const jar = await cookies()
  const theme = jar.get(THEME_COOKIE)?.value
  return (
    <LiveProvider workspace={slug}>
      <ShortcutProvider>
        <ToastProvider>
          <Shell
            workspace={workspace}
            user={{ name: session.name, email: session.email, role: roleNames(workspace.roles) }}
            statusPageSlug={workspace.statusPageSlug}
            stops={stops}
            theme={isTheme(theme) ? theme : 'system'}
            isNavCollapsed={jar.get(NAV_COOKIE)?.value === 'collapsed'}
          >
            {workspace.trialEndsMs === null ? null : <TrialLine endsMs={workspace.trialEndsMs} nowMs={Date.now()} />}
            {entriesFor(workspace.may).length > 0 ? children : <NotForThisRole role={roleNames(workspace.roles)} />}
          </Shell>
        </ToastProvider>
      </ShortcutProvider>
    </LiveProvider>
  )
}

function NotForThisRole({ role }: { role: string }) {
  return (
    <div className="p-4 sm:p-6 lg:px-8">
      <EmptyState isWholePage title="Your role sees no servers">
        <p>
          You are here as {role}. Ask the owner or an admin of this workspace if you need to see nodes and incidents.
        </p>
      </EmptyState>
    </div>
  )
}
