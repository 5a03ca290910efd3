'use client'
import { Button } from '@/app/_ui/button'
import { Time } from '@/app/_ui/time'
import type { GroupView } from '@/server/trpc/routers/groups'
import { EnrolmentForm } from '../enrolment-form'
import { EnrolmentLine } from '../enrolment-line'
import type { useEnrolment } from '../use-enrolment'
import type { OpenLine } from './first-run'

type Props = {
  groups: readonly GroupView[]
  enrolment: ReturnType<typeof useEnrolment>
  waiting: Pick<OpenLine, 'id' | 'nodeName' | 'expiresMs' | 'groupIds'> | null
  isOpen: boolean
  takesFocus: boolean
}

/** A form, then the line it made. After a reload only the line's end is known: the line itself was shown once. */
export function LineStep({ groups, enrolment, waiting, isOpen, takesFocus }: Props) {
  const { made, error, isPending, make, replace, renew } = enrolment
  if (!isOpen) return <p className="text-soft">It installs the agent and enrols it, as root. Nothing is compiled.</p>
  if (made) return <EnrolmentLine key={made.id} {...made} onRenew={renew} />
  if (waiting)
    return (
      <div className="flex flex-col items-start gap-3">
        <p className="text-soft">
          A line for <span className="font-medium text-ink">{waiting.nodeName}</span> is good until{' '}
          <Time atMs={waiting.expiresMs} />. It was shown once; whoever has it may still run it.
        </p>
        <Button
          disabled={isPending}
          onClick={() => replace({ nodeName: waiting.nodeName, groupIds: waiting.groupIds }, waiting.id)}
        >
          Make a new line instead
        </Button>
        <p role="alert" className="text-attack">
          {error}
        </p>
      </div>
    )
  return (
    <EnrolmentForm
      groups={groups}
      wanted={{ groupIds: groups.slice(0, 1).map(({ id }) => id) }}
      error={error}
      isPending={isPending}
      onSubmit={make}
      takesFocus={takesFocus}
    />
  )
}
