import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getSession } from '@/server/auth/session'
import { Door } from '../_door/door'
import { DoorLink } from '../_door/door-link'
import { SignUpForm } from './sign-up-form'

export const metadata: Metadata = { title: 'Create a workspace' }

export default async function SignUpPage() {
  if (await getSession()) redirect('/')
  return (
    <Door
      heading="Create a workspace"
      text="Seven days with everything, no card. Then a price per node and nothing else."
      foot={
        <p>
          You have an account? <DoorLink href="/sign-in">Sign in</DoorLink>
        </p>
      }
    >
      <SignUpForm />
    </Door>
  )
}
