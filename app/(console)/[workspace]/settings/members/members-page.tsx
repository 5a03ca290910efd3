'use client'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import { ROLE_WORDS } from '@/app/_lib/roles'
import { useTRPC } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Cell, HeadCell, Row, Table } from '@/app/_ui/table'
import { Time } from '@/app/_ui/time'
import type { Rights } from '@/server/core/permissions'
import type { GroupView } from '@/server/trpc/routers/groups'
import type { InviteView, MemberView } from '@/server/trpc/routers/members'
import { SettingsFrame } from '../_frame/settings-frame'
import { GiveUpDialog } from './give-up-dialog'
import { GrantDialog } from './grant-dialog'
import { InviteDialog } from './invite-dialog'
import { OpenInvites } from './open-invites'
import { RemoveDialog } from './remove-dialog'
import { useRevoke } from './use-revoke'

type Props = {
  workspace: string
  members: MemberView[]
  invites: InviteView[]
  groups: GroupView[]
  may: Rights
}
type Grant = MemberView['grants'][number]

/** Who belongs to the workspace, with what, where and until when. */
export function MembersPage({ workspace, members: loaded, invites, groups, may }: Props) {
  const trpc = useTRPC()
  const mayUpdate = may['member.update']
  const options = trpc.members.list.queryOptions({ workspace })
  const { data: members } = useQuery({ ...options, initialData: loaded })
  const [granted, setGranted] = useState<MemberView | null>(null)
  const [isInviting, setInviting] = useState(false)
  const [removed, setRemoved] = useState<MemberView | null>(null)
  const [givenUp, setGivenUp] = useState<Grant | null>(null)
  const revoke = useRevoke(workspace)
  return (
    <SettingsFrame
      workspace={workspace}
      may={may}
      here="members"
      context={`${members.length === 1 ? 'One person' : `${members.length} people`}. Seats are unlimited and cost nothing.`}
      action={
        mayUpdate ? (
          <Button kind="primary" onClick={() => setInviting(true)}>
            Invite somebody
          </Button>
        ) : undefined
      }
    >
      <Table label="Members">
        <thead>
          <tr>
            <HeadCell>Person</HeadCell>
            <HeadCell>May</HeadCell>
            <HeadCell className="hidden w-40 md:table-cell">Since</HeadCell>
            <HeadCell className="w-20 sm:w-40">
              <span className="sr-only">Change</span>
            </HeadCell>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <Row key={member.id}>
              <Cell>
                <div className="font-medium wrap-anywhere">
                  {member.name}
                  {member.isSelf ? <span className="font-normal text-faint"> (you)</span> : null}
                </div>
                <div className="text-sm text-soft wrap-anywhere">{member.email}</div>
              </Cell>
              <Cell>
                <ul className="flex flex-col gap-1">
                  {member.grants.map((grant) => (
                    <GrantLine
                      key={grant.id}
                      grant={grant}
                      who={member.name}
                      onRevoke={mayUpdate ? () => (member.isSelf ? setGivenUp(grant) : revoke(member, grant)) : null}
                    />
                  ))}
                  {member.grants.length === 0 ? <li className="text-faint">nothing any more</li> : null}
                </ul>
              </Cell>
              <Cell className="hidden text-soft md:table-cell">
                <Time atMs={member.joinedMs} form="auto" />
              </Cell>
              <Cell>
                {mayUpdate ? (
                  <div className="-my-1.5 flex flex-wrap justify-end gap-x-1">
                    <Button kind="quiet" onClick={() => setGranted(member)}>
                      Grant<span className="sr-only"> a role to {member.name}</span>
                    </Button>
                    {member.isSelf ? null : (
                      <Button kind="quiet" onClick={() => setRemoved(member)}>
                        Remove<span className="sr-only"> {member.name}</span>
                      </Button>
                    )}
                  </div>
                ) : null}
              </Cell>
            </Row>
          ))}
        </tbody>
      </Table>
      <OpenInvites workspace={workspace} invites={invites} mayUpdate={mayUpdate} />
      {isInviting ? <InviteDialog workspace={workspace} groups={groups} onClose={() => setInviting(false)} /> : null}
      {granted ? (
        <GrantDialog workspace={workspace} member={granted} groups={groups} onClose={() => setGranted(null)} />
      ) : null}
      {removed ? <RemoveDialog workspace={workspace} member={removed} onClose={() => setRemoved(null)} /> : null}
      {givenUp ? <GiveUpDialog workspace={workspace} grant={givenUp} onClose={() => setGivenUp(null)} /> : null}
    </SettingsFrame>
  )
}

function GrantLine({ grant, who, onRevoke }: { grant: Grant; who: string; onRevoke: (() => void) | null }) {
  const { name, may } = ROLE_WORDS[grant.role]
  return (
    <li className="flex items-baseline gap-2" title={may}>
      <span>
        {name}
        <span className="text-soft">{grant.group ? ` of ${grant.group.name}` : ''}</span>
        {grant.untilMs === null ? null : (
          <span className="text-sm text-faint">
            {' '}
            until <Time atMs={grant.untilMs} form="auto" />
          </span>
        )}
      </span>
      {onRevoke ? (
        <button
          type="button"
          onClick={onRevoke}
          aria-label={`Take the role ${name.toLowerCase()} from ${who}`}
          className="eased self-center rounded-sm p-0.5 text-faint hover:bg-hover hover:text-ink"
        >
          <X aria-hidden="true" size={12} />
        </button>
      ) : null}
    </li>
  )
}
