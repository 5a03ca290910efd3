import { renderToStaticMarkup } from 'react-dom/server'
import { IncidentMail } from '../../emails/incident-mail'
import { storyOf } from '../../emails/story'
import type { MailBrand } from '../../emails/theme'
import { textOf } from '../../emails/words'
import type { IncidentNotice } from './channel'

/** Subject and both parts of a mail; addresses and identifiers come with sending. */
export type EmailBody = { subject: string; html: string; text: string }

// Readers of mail go by this old one; without it some fall into quirks.
export const DOCTYPE =
  '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'

export type EmailLook = { brand: MailBrand; publicUrl: string }

export function renderEmail(
  { brand, publicUrl }: EmailLook,
  notice: IncidentNotice,
  { mayBeRepeat }: { mayBeRepeat: boolean },
): EmailBody {
  const story = storyOf(notice, publicUrl)
  const markup = renderToStaticMarkup(<IncidentMail brand={brand} story={story} mayBeRepeat={mayBeRepeat} />)
  return { subject: story.subject, html: DOCTYPE + markup, text: textOf(brand, story, mayBeRepeat) }
}
