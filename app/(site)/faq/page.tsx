import type { Metadata } from 'next'
import { defaultBrand } from '@/server/tenancy/brand'
import { Closing } from '../_site/closing'
import { siteMetadata } from '../_site/metadata'
import { PageTop } from '../_site/page-top'
import { QUESTIONS } from '../_site/questions'

export const metadata: Metadata = siteMetadata(
  '/faq',
  'Questions and answers',
  'What it drops and what it leaves alone, what happens when the platform is away, what it cannot do, and what becomes of your data.',
)

const idOf = (question: string): string =>
  question
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .replace(/-$/, '')

export default function FaqPage() {
  const sections = QUESTIONS(defaultBrand())
  return (
    <>
      <PageTop
        title="Questions we would ask ourselves"
        lead={<p>Short answers. Where one rests on a figure, it leads to how that was measured.</p>}
      >
        <nav aria-label="Sections" className="flex flex-wrap gap-x-6 gap-y-1 text-md">
          {sections.map(({ title }) => (
            <a key={title} href={`#${idOf(title)}`} className="text-accent underline underline-offset-2">
              {title}
            </a>
          ))}
        </nav>
      </PageTop>
      {sections.map(({ title, items }) => (
        <section key={title} aria-label={title} id={idOf(title)} className="scroll-mt-14 border-t border-line">
          <div className="mx-auto w-full max-w-[1180px] px-5 py-12 sm:px-8">
            <h2 className="text-xl font-semibold tracking-tight">{title}</h2>
            <dl className="mt-6 flex flex-col">
              {items.map(([question, answer]) => (
                <div
                  key={question}
                  id={idOf(question)}
                  className="grid scroll-mt-16 gap-x-14 gap-y-2 border-t border-line py-5 lg:grid-cols-[minmax(0,4fr)_minmax(0,7fr)]"
                >
                  <dt className="text-md font-medium">{question}</dt>
                  <dd className="max-w-[680px] text-md text-soft">{answer}</dd>
                </div>
              ))}
            </dl>
          </div>
        </section>
      ))}
      <Closing />
    </>
  )
}
