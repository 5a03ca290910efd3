import type { Metadata } from 'next'
import { Door } from '../../_door/door'
import { DoorLink } from '../../_door/door-link'
import { OpenByLink } from '../../_door/open-by-link'

export const metadata: Metadata = { title: 'Sign in' }

type Props = { searchParams: Promise<{ token?: string }> }

export default async function LinkPage({ searchParams }: Props) {
  const { token = '' } = await searchParams
  return (
    <Door
      heading="Sign in"
      text="The link of our mail signs you in on this device."
      foot={
        <p>
          Use your password instead? <DoorLink href="/sign-in">Sign in</DoorLink>
        </p>
      }
    >
      <OpenByLink kind="sign_in" token={token} label="Sign in" />
    </Door>
  )
}
