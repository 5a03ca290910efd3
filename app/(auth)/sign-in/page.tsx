import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getSession } from '@/server/auth/session'
import { defaultBrand } from '@/server/tenancy/brand'
import { Door } from '../_door/door'
import { DoorLink } from '../_door/door-link'
import { SignInForm } from './sign-in-form'

export const metadata: Metadata = { title: 'Sign in' }

type Props = { searchParams: Promise<{ to?: string }> }

export default async function SignInPage({ searchParams }: Props) {
  if (await getSession()) redirect('/')
  const { signIn } = defaultBrand()
  const { to } = await searchParams
  return (
    <Door
      heading={signIn.heading}
      text={signIn.text}
      foot={
        <p>
          No account yet? <DoorLink href="/sign-up">Create a workspace</DoorLink>
        </p>
      }
    >
      <SignInForm to={pathOnly(to)} />
    </Door>
  )
}

/** Only a path of this site is followed after signing in. */
const pathOnly = (to: string | undefined): string => (to && /^\/(?![/\\])/.test(to) ? to : '/')
