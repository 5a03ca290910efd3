import type { SendResult } from './channel'

/** How far a mail transaction came when it ended. */
export type SmtpStage = 'connection' | 'sender' | 'recipients' | 'content'

/**
 * What a final answer means for the message. No answer or a temporary one (4xx): try again. A permanent one (5xx) to the
 * recipients or the content: this message will never be taken. A permanent one to who we are: the platform's owner can
 * mend that, so the message waits.
 */
export function classifySmtp(code: number | null, stage: SmtpStage): SendResult['outcome'] {
  if (code === null) return 'retry'
  if (code >= 200 && code < 300) return 'delivered'
  if (code === 421) return 'throttled'
  const isPermanent = code >= 500
  return isPermanent && (stage === 'recipients' || stage === 'content') ? 'failed' : 'retry'
}

/** Which command an error of nodemailer ended with. */
export function stageOf(command: string | undefined): SmtpStage {
  if (command === 'DATA') return 'content'
  if (command?.startsWith('RCPT')) return 'recipients'
  return command?.startsWith('MAIL') ? 'sender' : 'connection'
}
