'use client'
import Link from 'next/link'
import { nodeSentence } from '@/app/_lib/node-sentence'
import { LiveNote } from '@/app/_ui/live-note'
import { StateMark } from '@/app/_ui/state-mark'
import { Time } from '@/app/_ui/time'
import type { NodeDetail } from '@/server/trpc/node-view'
import { Actions } from './actions'
import { Charts } from './charts'
import { EnrolFirst } from './enrol-first'
import { Facts } from './facts'
import { RecentIncidents, Surges } from './history'
import { Rules } from './rules'
import { useNode } from './use-node'

type Props = { workspace: string; node: NodeDetail }

/** One server: what it is doing, what is usual for it, and what it went through. */
export function NodePage({ workspace, node: loaded }: Props) {
  const node = useNode(workspace, loaded)
  return (
    <article className="mx-auto flex w-full max-w-[1440px] flex-col gap-7 p-4 sm:p-6 lg:px-8">
      <Heading workspace={workspace} node={node} />
      {node.isEnrolled ? (
        <>
          <Charts workspace={workspace} node={node} />
          <div className="grid gap-x-10 gap-y-7 xl:grid-cols-[minmax(0,1.35fr)_minmax(0,1fr)]">
            <div className="flex min-w-0 flex-col gap-7">
              <Rules workspace={workspace} node={node} />
              <RecentIncidents workspace={workspace} node={node} />
              <Surges node={node} />
            </div>
            <Facts workspace={workspace} node={node} />
          </div>
        </>
      ) : (
        <EnrolFirst workspace={workspace} node={node} />
      )}
    </article>
  )
}

function Heading({ workspace, node }: Props) {
  const open = node.incidents.find(({ endedMs, state }) => endedMs === null && state !== 'rejected')
  return (
    <header className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 text-sm text-faint" data-noprint>
        <nav aria-label="Breadcrumb" className="flex min-w-0 items-center gap-2">
          <Link href={`/${workspace}`} className="eased hover:text-ink">
            Fleet
          </Link>
          <span aria-hidden="true">/</span>
          <span className="truncate">{node.name}</span>
        </nav>
        <LiveNote />
      </div>
      <div className="flex flex-col items-start justify-between gap-x-8 gap-y-4 lg:flex-row">
        <div className="flex max-w-[880px] flex-col gap-2">
          <div className="text-md">
            <StateMark state={node.state} word={node.word ?? undefined} size={14} />
          </div>
          <h1 className="text-xl font-semibold">
            {nodeSentence(node)}
            {node.state === 'offline' && node.lastSeenMs !== null ? (
              <>
                {' '}
                Last seen <Time atMs={node.lastSeenMs} form="today" />.
              </>
            ) : null}
          </h1>
          {open ? (
            <p className="text-md">
              <Link
                href={`/${workspace}/incidents/${open.id}`}
                className="font-medium text-accent underline underline-offset-2"
              >
                Open the incident
              </Link>
            </p>
          ) : null}
        </div>
        <Actions workspace={workspace} node={node} />
      </div>
    </header>
  )
}
