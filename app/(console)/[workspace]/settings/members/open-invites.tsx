'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { ROLE_WORDS } from '@/app/_lib/roles'
import { useTRPC } from '@/app/_lib/trpc'
import { useSettle } from '@/app/_lib/use-settle'
import { Button } from '@/app/_ui/button'
import { Section } from '@/app/_ui/section'
import { Cell, HeadCell, Row, Table } from '@/app/_ui/table'
import { Time } from '@/app/_ui/time'
import type { InviteView } from '@/server/trpc/routers/members'

type Props = { workspace: string; invites: InviteView[]; mayUpdate: boolean }

/** Who was asked and did not answer yet. */
export function OpenInvites({ workspace, invites: loaded, mayUpdate }: Props) {
  const trpc = useTRPC()
  const options = trpc.members.invites.queryOptions({ workspace })
  const { data: invites } = useQuery({ ...options, initialData: loaded })
  const settled = useSettle([options.queryKey])
  const resend = useMutation(trpc.members.resendInvite.mutationOptions(settled))
  const revoke = useMutation(trpc.members.revokeInvite.mutationOptions(settled))
  if (invites.length === 0) return null
  return (
    <Section title="Invited">
      <Table label="Open invitations">
        <thead>
          <tr>
            <HeadCell>Address</HeadCell>
            <HeadCell>As</HeadCell>
            <HeadCell className="hidden w-40 md:table-cell">Link</HeadCell>
            <HeadCell className="w-24 sm:w-44">
              <span className="sr-only">Change</span>
            </HeadCell>
          </tr>
        </thead>
        <tbody>
          {invites.map((invite) => (
            <Row key={invite.id}>
              <Cell className="font-medium wrap-anywhere">{invite.email}</Cell>
              <Cell>
                {ROLE_WORDS[invite.role].name}
                <span className="text-soft">{invite.groupName ? ` of ${invite.groupName}` : ''}</span>
              </Cell>
              <Cell className="hidden text-soft md:table-cell">
                {invite.isExpired ? (
                  'over'
                ) : (
                  <>
                    good until <Time atMs={invite.expiresMs} form="auto" />
                  </>
                )}
              </Cell>
              <Cell>
                {mayUpdate ? (
                  <div className="-my-1.5 flex flex-wrap justify-end gap-x-1">
                    <Button kind="quiet" onClick={() => resend.mutate({ workspace, id: invite.id })}>
                      Send again<span className="sr-only"> to {invite.email}</span>
                    </Button>
                    <Button kind="quiet" onClick={() => revoke.mutate({ workspace, id: invite.id })}>
                      Revoke<span className="sr-only"> the invitation of {invite.email}</span>
                    </Button>
                  </div>
                ) : null}
              </Cell>
            </Row>
          ))}
        </tbody>
      </Table>
    </Section>
  )
}
