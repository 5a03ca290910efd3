import { renderToStaticMarkup } from 'react-dom/server'
import { AccountMail } from '../../emails/account-mail'
import { accountStory } from '../../emails/account-story'
import type { MailBrand } from '../../emails/theme'
import { fold } from '../../emails/words'
import type { AccountMailContent } from '../services/accounts/mail'
import { DOCTYPE, type EmailBody } from './render-email'

/** Subject and both parts of a mail about an account. */
export function renderAccountEmail(brand: MailBrand, content: AccountMailContent): EmailBody {
  const story = accountStory(content, brand.productName)
  const text = [
    fold(story.title),
    fold(story.sentences.join(' ')),
    ...(story.facts ?? []).map(([name, text]) => fold(`${name}: ${text}`)),
    `${story.action.label}:\n${story.action.href}`,
    `-- \n${brand.productName}\n${fold(story.footer)}`,
  ].join('\n\n')
  const markup = renderToStaticMarkup(<AccountMail brand={brand} story={story} />)
  return { subject: story.subject, html: DOCTYPE + markup, text: `${text}\n` }
}
