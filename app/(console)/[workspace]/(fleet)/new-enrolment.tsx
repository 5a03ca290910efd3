'use client'
import { DataProvider } from '@/app/_lib/trpc'
import type { GroupView } from '@/server/trpc/routers/groups'
import { EnrolmentForm } from './enrolment-form'
import { EnrolmentLine } from './enrolment-line'
import { useEnrolment } from './use-enrolment'

type Props = { workspace: string; groups: readonly GroupView[] }

/** Asks for the name of a server and its groups, then shows the line for it. */
export function NewEnrolment(props: Props) {
  return (
    <DataProvider>
      <Enrolment {...props} />
    </DataProvider>
  )
}

function Enrolment({ workspace, groups }: Props) {
  const { made, error, isPending, make, renew } = useEnrolment(workspace)
  if (made) return <EnrolmentLine key={made.id} {...made} onRenew={renew} />
  return <EnrolmentForm groups={groups} error={error} isPending={isPending} onSubmit={make} />
}
