import { defaultBrand } from '@/server/tenancy/brand'
import { Agent } from './chapters/agent'
import { Before } from './chapters/before'
import { Connections } from './chapters/connections'
import { Evening } from './chapters/evening'
import { People } from './chapters/people'
import { Schedule } from './chapters/schedule'
import { Upstream } from './chapters/upstream'

/** Chapters of the guide, in the order of doing. */
export const SECTIONS = [
  { id: 'before', title: 'Before you begin', about: 'What a server must have, and who has to know.', Chapter: Before },
  {
    id: 'agent',
    title: 'Install the agent',
    about: 'One line by hand, or a fleet by configuration management.',
    Chapter: Agent,
  },
  {
    id: 'connections',
    title: 'Connections and ports',
    about: 'What is opened, by whom, and what stays closed.',
    Chapter: Connections,
  },
  {
    id: 'upstream',
    title: 'Your provider',
    about: 'What to agree while it is quiet, for floods larger than your uplink.',
    Chapter: Upstream,
  },
  {
    id: 'people',
    title: 'People and sign-in',
    about: 'Roles, guests of an event, your own identity provider.',
    Chapter: People,
  },
  {
    id: 'schedule',
    title: 'The calendar',
    about: 'Matches from an ICS address, and what live changes.',
    Chapter: Schedule,
  },
  {
    id: 'evening',
    title: 'A rehearsal, and the evening',
    about: 'What to try a week before, and what to look at when it happens.',
    Chapter: Evening,
  },
] as const

/** The guide itself: reads on paper as well. */
export function GuideText() {
  const { productName, agentCommand } = defaultBrand()
  return (
    <div className="border-t border-line print:border-0">
      <div className="mx-auto grid w-full max-w-[1180px] gap-x-14 gap-y-10 px-5 py-12 sm:px-8 lg:grid-cols-[220px_minmax(0,1fr)] lg:py-16">
        <nav aria-label="Chapters" data-noprint className="h-fit lg:sticky lg:top-20">
          <ol className="flex flex-col gap-1.5 text-md">
            {SECTIONS.map(({ id, title }, index) => (
              <li key={id} className="flex gap-3">
                <span className="figures w-4 text-faint">{index + 1}</span>
                <a href={`#${id}`} className="eased text-soft hover:text-ink">
                  {title}
                </a>
              </li>
            ))}
          </ol>
        </nav>
        <article className="flex min-w-0 max-w-[760px] flex-col gap-12">
          {SECTIONS.map(({ id, title, Chapter }, index) => (
            <section key={id} id={id} aria-label={title} className="flex scroll-mt-20 flex-col gap-4 text-md">
              <h2 className="flex gap-3 text-xl font-semibold tracking-tight">
                <span className="figures font-normal text-faint">{index + 1}</span>
                {title}
              </h2>
              <Chapter product={productName} command={agentCommand} />
            </section>
          ))}
        </article>
      </div>
    </div>
  )
}
