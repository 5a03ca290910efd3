import { headers } from 'next/headers'
import { BrandMark } from '@/app/_ui/brand-mark'
import { buttonStyle } from '@/app/_ui/button'
import { getSession } from '@/server/auth/session'
import { defaultBrand } from '@/server/tenancy/brand'
import { PLACES } from './places'

const LINK =
  'eased rounded-sm py-1.5 text-md text-soft hover:text-ink aria-[current=page]:font-medium aria-[current=page]:text-ink'

/** Name, places, and the way in: to one's workspace when one is signed in. */
export async function SiteHeader() {
  const [session, given] = await Promise.all([getSession(), headers()])
  const here = given.get('x-path') ?? '/'
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-surface">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent px-3 py-1.5 text-accent-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <div className="mx-auto flex h-14 w-full max-w-[1180px] items-center gap-x-8 px-5 sm:px-8">
        <a
          href={session ? '/product' : '/'}
          className="flex items-center gap-2.5 text-md font-semibold whitespace-nowrap"
        >
          <BrandMark size={22} /> {defaultBrand().productName}
        </a>
        <nav aria-label="Site" className="hidden flex-1 gap-x-6 md:flex">
          {PLACES.map(({ href, name }) => (
            <a key={href} href={href} aria-current={here === href ? 'page' : undefined} className={LINK}>
              {name}
            </a>
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-2">
          {session ? (
            <a href="/" className={buttonStyle('primary')}>
              Open your workspace
            </a>
          ) : (
            <>
              <span className="hidden sm:block">
                <a href="/sign-in" className={buttonStyle('quiet')}>
                  Sign in
                </a>
              </span>
              <a href="/sign-up" className={buttonStyle('primary')}>
                Start a trial
              </a>
            </>
          )}
          <Menu here={here} isSignedIn={session !== null} />
        </div>
      </div>
    </header>
  )
}

/** The places where the bar is too narrow for them. */
function Menu({ here, isSignedIn }: { here: string; isSignedIn: boolean }) {
  return (
    <details className="relative md:hidden">
      <summary className={`${buttonStyle('plain')} list-none [&::-webkit-details-marker]:hidden`}>Menu</summary>
      <nav
        aria-label="Site, all places"
        className="absolute top-11 right-0 flex min-w-52 flex-col rounded-lg border border-line-strong bg-raised px-4 py-2 shadow-menu"
      >
        {[...PLACES, ...(isSignedIn ? [] : [{ href: '/sign-in', name: 'Sign in' }])].map(({ href, name }) => (
          <a key={href} href={href} aria-current={here === href ? 'page' : undefined} className={LINK}>
            {name}
          </a>
        ))}
      </nav>
    </details>
  )
}
