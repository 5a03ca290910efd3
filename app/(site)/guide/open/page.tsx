import type { Metadata } from 'next'
import { defaultBrand } from '@/server/tenancy/brand'
import { getCaller } from '@/server/trpc/caller'
import { PageTop } from '../../_site/page-top'
import { GuideText } from '../guide-text'
import { OpenButton } from './open-button'

export const metadata: Metadata = { title: 'Implementation guide', robots: { index: false } }

type Props = { searchParams: Promise<{ token?: string | string[] }> }

const GONE = {
  expired: 'Its time is over: a link waits a day for its press, and opens the guide for ninety days after it.',
  replaced: 'A newer link was asked for with the same address. Use that one: it is in the last mail.',
  unknown: 'It was not made here, or it was cut short on its way. Open it from the mail, whole.',
}

/** Opening the page does nothing: mail readers look at links before people do. The button does. */
export default async function OpenGuidePage({ searchParams }: Props) {
  const { token = '' } = await searchParams
  const link = typeof token === 'string' && token.length <= 200 ? token : ''
  const state = await (await getCaller()).site.guideLink({ token: link })
  if (state === 'open')
    return (
      <>
        <PageTop
          title="The implementation guide"
          lead={<p>For {defaultBrand().productName}. This address opens it for ninety days; print it to keep it.</p>}
        />
        <GuideText />
      </>
    )
  if (state === 'waiting')
    return (
      <PageTop title="Your guide is ready" lead={<p>One press says that you asked for it, and opens it.</p>}>
        <OpenButton token={link} />
      </PageTop>
    )
  return (
    <PageTop title="This link is good no more" lead={<p>{GONE[state ?? 'unknown']}</p>}>
      <p className="text-md">
        <a href="/guide" className="text-accent underline underline-offset-2">
          Ask for a new link
        </a>
      </p>
    </PageTop>
  )
}
