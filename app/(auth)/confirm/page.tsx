import type { Metadata } from 'next'
import { Door } from '../_door/door'
import { DoorLink } from '../_door/door-link'
import { OpenByLink } from '../_door/open-by-link'

export const metadata: Metadata = { title: 'Confirm your address' }

type Props = { searchParams: Promise<{ token?: string }> }

/** Opening the page does nothing: mail readers look at links before people do. The button does. */
export default async function ConfirmPage({ searchParams }: Props) {
  const { token = '' } = await searchParams
  return (
    <Door
      heading="Your workspace is ready"
      text="One press proves that the address is yours and opens it."
      foot={
        <p>
          Confirmed before? <DoorLink href="/sign-in">Sign in</DoorLink>
        </p>
      }
    >
      <OpenByLink kind="confirm" token={token} label="Confirm and open" />
    </Door>
  )
}
