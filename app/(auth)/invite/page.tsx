import type { Metadata } from 'next'
import { ROLE_WORDS } from '@/app/_lib/roles'
import type { Role } from '@/server/core/permissions'
import { getCaller } from '@/server/trpc/caller'
import { Door } from '../_door/door'
import { DoorLink } from '../_door/door-link'
import { OpenByLink } from '../_door/open-by-link'
import { NewAccountForm } from './new-account-form'

export const metadata: Metadata = { title: 'Invitation' }

type Props = { searchParams: Promise<{ token?: string }> }

export default async function InvitePage({ searchParams }: Props) {
  const { token = '' } = await searchParams
  const invite = await (await getCaller()).accounts.invite({ token: token.slice(0, 200) })
  if (!invite?.isGood) {
    return (
      <Door
        heading="This invitation is over"
        text="It was used, taken back, replaced by a newer one, or its week is over. Ask whoever invited you for a new one."
      >
        <p>
          Accepted it before? <DoorLink href="/sign-in">Sign in</DoorLink>
        </p>
      </Door>
    )
  }
  const { workspaceName, slug, email, role, groupName, hasAccount } = invite
  const { name, may } = ROLE_WORDS[role as Role]
  return (
    <Door
      heading={`Join ${workspaceName}`}
      text={`As ${name.toLowerCase()}${groupName ? ` of ${groupName}` : ''}: ${may.charAt(0).toLowerCase()}${may.slice(1)}.`}
      foot={<p>This invitation is for {email}.</p>}
    >
      {hasAccount ? (
        <OpenByLink kind="invite" token={token} label={`Join ${workspaceName}`} to={`/${slug}`} />
      ) : (
        <NewAccountForm token={token} to={`/${slug}`} />
      )}
    </Door>
  )
}
