import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { buttonStyle } from '@/app/_ui/button'
import { getPendingSession, getSession } from '@/server/auth/session'
import { defaultBrand } from '@/server/tenancy/brand'
import { getCaller } from '@/server/trpc/caller'
import { Door } from '../_door/door'
import { DoorLink } from '../_door/door-link'
import { SecondStepForm } from './second-step-form'
import { SignInForm } from './sign-in-form'
import { ssoWords } from './sso-words'

export const metadata: Metadata = { title: 'Sign in' }

type Props = { searchParams: Promise<Record<'to' | 'workspace' | 'fault', string | string[] | undefined>> }

export default async function SignInPage({ searchParams }: Props) {
  const search = await searchParams
  const to = pathOnly(one(search.to))
  if (await getSession()) redirect('/')
  const pending = await getPendingSession()
  if (pending) {
    return (
      <Door heading="One more step" text={`You sign in as ${pending.email}, whose account asks for a code.`}>
        <SecondStepForm to={to} />
      </Door>
    )
  }
  const asked = one(search.workspace)
  const slug = (asked ?? to.split(/[/?#]/)[1] ?? '').slice(0, 64)
  const issuer = slug === '' ? null : await (await getCaller()).accounts.issuer({ workspace: slug })
  const fault = one(search.fault) ?? (asked && !issuer ? 'no_connection' : null)
  const { signIn } = defaultBrand()
  return (
    <Door
      heading={signIn.heading}
      text={signIn.text}
      foot={
        <>
          {issuer ? null : (
            <p>
              Your organisation signs you in? <DoorLink href="/sign-in/organisation">Go there</DoorLink>
            </p>
          )}
          <p>
            No account yet? <DoorLink href="/sign-up">Create a workspace</DoorLink>
          </p>
        </>
      }
    >
      {fault ? (
        <p role="alert" className="text-attack">
          {ssoWords(fault)}
        </p>
      ) : null}
      {issuer ? (
        <div className="flex flex-col gap-5">
          {/* A route that answers with a redirect elsewhere: nothing for the router to fetch ahead. */}
          <a
            href={`/api/sso/start?${new URLSearchParams({ workspace: slug, to })}`}
            className={`${buttonStyle('primary')} h-10 min-w-0 text-md`}
          >
            <span className="truncate">Sign in with {issuer.workspaceName}</span>
          </a>
          <p className="flex items-center gap-3 text-sm text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
            or with your own account
          </p>
        </div>
      ) : null}
      <SignInForm to={to} isSecondary={issuer !== null} />
    </Door>
  )
}

const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value)

/** Only a path of this site is followed after signing in. */
const pathOnly = (to: string | undefined): string => (to && /^\/(?![/\\])/.test(to) ? to : '/')
