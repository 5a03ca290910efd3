import type { Logger } from 'pino'
import type { Sealer } from '../core/seal'
import { MINUTE_MS, SECOND_MS } from '../core/units'
import type { ClaimedMail } from '../db/account-doors'
import { AccountMailContent, accountMailPlace } from '../services/accounts/mail'

export type AccountMailerOptions = {
  claim: (limit: number) => Promise<ClaimedMail[]>
  record: (mail: {
    id: string
    state: 'pending' | 'sent' | 'failed'
    nextMs: number | null
    error: string | null
  }) => Promise<void>
  /** Sends one mail; says what went wrong and whether trying again can mend it, or null. */
  send: (
    recipient: string,
    id: string,
    content: AccountMailContent,
  ) => Promise<{ error: string; isFinal: boolean } | null>
  sealer: Sealer
  nowMs: () => number
  log: Logger
}

/** The person waits in front of a screen: soon again at first, given up after an hour, when the link is old. */
const WAITS_MS = [5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 45 * MINUTE_MS]
const TOGETHER = 8

/** Sends mail about accounts: links, invites. At least once; a mail whose engine died is sent again when its lease is over. */
export function createAccountMailer(options: AccountMailerOptions): { pump: () => Promise<void> } {
  const { claim, record, nowMs, log } = options

  const deliver = async (mail: ClaimedMail): Promise<void> => {
    const failure = await attempt(options, mail)
    const { id, attempts } = mail
    if (failure === null) return record({ id, state: 'sent', nextMs: null, error: null })
    const waitMs = failure.isFinal ? undefined : WAITS_MS[attempts - 1]
    log.warn({ mailId: id, attempts, error: failure.error }, 'account mail failed')
    const state = waitMs === undefined ? 'failed' : 'pending'
    return record({ id, state, nextMs: waitMs === undefined ? null : nowMs() + waitMs, error: failure.error })
  }

  let isPumping = false
  return {
    pump: async () => {
      if (isPumping) return
      isPumping = true
      try {
        for (let due = await claim(TOGETHER); due.length > 0; due = await claim(TOGETHER)) {
          await Promise.all(due.map((mail) => deliver(mail)))
        }
      } finally {
        isPumping = false
      }
    },
  }
}

async function attempt({ sealer, send }: AccountMailerOptions, { id, recipient, content }: ClaimedMail) {
  try {
    return await send(recipient, id, AccountMailContent.parse(sealer.open(content, accountMailPlace(id))))
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), isFinal: false }
  }
}
