import { buttonStyle } from '@/app/_ui/button'

type Props = { title: string; lead: React.ReactNode; children?: React.ReactNode; isHome?: boolean }

export const BIG_BUTTON = 'h-11 px-5 text-md'

/** First thing on a public page. */
export function PageTop({ title, lead, children, isHome = false }: Props) {
  return (
    <div
      className={`mx-auto flex w-full max-w-[1180px] flex-col gap-6 px-5 sm:px-8 ${isHome ? 'pt-16 pb-12 sm:pt-24 sm:pb-16' : 'pt-14 pb-12 sm:pt-20 sm:pb-16'}`}
    >
      <h1 className={`max-w-[860px] font-semibold tracking-tight text-2xl sm:text-3xl ${isHome ? 'lg:text-4xl' : ''}`}>
        {title}
      </h1>
      <div className="flex max-w-[640px] flex-col gap-2 text-lg text-soft">{lead}</div>
      {children}
    </div>
  )
}

/** The two ways to begin. */
export function Begin() {
  return (
    <div className="flex flex-wrap gap-3">
      <a href="/sign-up" className={`${buttonStyle('primary')} ${BIG_BUTTON}`}>
        Create a workspace
      </a>
      <a href="/book" className={`${buttonStyle('plain')} ${BIG_BUTTON}`}>
        Book a walk-through
      </a>
    </div>
  )
}
