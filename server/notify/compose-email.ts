import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import type { SendRequest } from './channel'
import type { EmailBody } from './render-email'
import type { EmailSettings } from './settings'
import type { Smtp } from './smtp-url'

/**
 * The mail as bytes. The first of a thread carries the thread's own id, all others answer it: readers keep them together,
 * and a repeat has the id of the mail it repeats.
 */
export function composeEmail(
  from: Smtp['from'],
  { settings, thread, messageId, body, mayBeRepeat }: SendRequest<EmailSettings, EmailBody>,
  nowUs: number,
): Promise<Buffer> {
  const host = from.address.slice(from.address.lastIndexOf('@') + 1)
  const root = `<${thread.id}@${host}>`
  return new Promise((resolve, reject) => {
    new MailComposer({
      from,
      to: settings.recipients.map((address) => ({ name: '', address })),
      subject: thread.isFirst ? body.subject : `Re: ${body.subject}`,
      text: body.text,
      html: body.html,
      messageId: thread.isFirst ? root : `<${messageId}@${host}>`,
      ...(thread.isFirst ? {} : { inReplyTo: root, references: root }),
      date: new Date(nowUs / 1_000),
      headers: {
        // No machine answers this with another mail.
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'All',
        ...(mayBeRepeat ? { 'X-Alert-Repeat': 'possible' } : {}),
      },
      disableFileAccess: true,
      disableUrlAccess: true,
    })
      .compile()
      .build((error, bytes) => (error ? reject(error) : resolve(bytes)))
  })
}
