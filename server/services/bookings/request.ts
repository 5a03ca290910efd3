import { z } from 'zod'
import { type Clock, systemClock } from '../../core/clock'
import type { Sealer } from '../../core/seal'
import { throughDoors } from '../../db/account-doors'
import type { AppDb } from '../../db/pool'
import { createBookingRow } from '../../db/visitor-doors'
import { Email } from '../accounts/fields'
import { writeAccountMail } from '../accounts/mail'
import { parseInput } from '../context'

export const RUNS = ['matches', 'streams', 'both', 'other'] as const
export const SERVERS = ['1 to 10', '11 to 50', '51 to 250', 'more than 250', 'not known yet'] as const

/** Any script and every emoji, but nothing that ends a line or turns the direction of what follows. */
const LINE = /^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]*$/u
/** Lines may end; nothing else that steers a terminal or a mail reader. */
const LINES = /^[^\p{Cs}\p{Cc}\n\t]*(?:[\n\t][^\p{Cs}\p{Cc}\n\t]*)*$/u

export const BookingInput = z.object({
  /** Made by the form, once: pressed twice it is one request. */
  id: z.uuid(),
  email: Email,
  name: z.string().trim().min(1, 'say how people should call you').max(80, 'at most 80 characters').regex(LINE),
  organisation: z.string().trim().min(1, 'say whom you ask for').max(80, 'at most 80 characters').regex(LINE),
  runs: z.enum(RUNS),
  servers: z.enum(SERVERS),
  preferredTime: z.string().trim().max(120, 'at most 120 characters').regex(LINE, 'no control characters').default(''),
  message: z
    .string()
    .transform((text) => text.replaceAll('\r\n', '\n').trim())
    .pipe(z.string().max(2_000, 'at most 2,000 characters').regex(LINES, 'no control characters'))
    .default(''),
})

type Given = {
  db: AppDb
  clock?: Clock
  input: z.input<typeof BookingInput>
  /** Null where no mail goes out. `ownerEmail` empty: nobody is told but who asked. */
  mail: { sealer: Sealer; origin: string; ownerEmail: string } | null
}

/**
 * Keeps the request as a row and, where mail goes out, tells the platform's owner and confirms to who asked. Nothing that was typed
 * stands in the confirmation: its address is not proved, and the form must not carry words to strangers.
 */
export async function requestBooking({ db, clock = systemClock, input, mail }: Given): Promise<void> {
  const asked = parseInput(BookingInput, input)
  const nowMs = clock.now()
  await throughDoors(db, async (client) => {
    if (!(await createBookingRow(client, { ...asked, nowMs })) || mail === null) return
    const { sealer, origin, ownerEmail } = mail
    const received = { kind: 'booking_received', link: `${origin}/guide` } as const
    await writeAccountMail(client, sealer, { recipient: asked.email, content: received, nowMs })
    if (ownerEmail === '') return
    const { id: _, ...told } = asked
    const content = { kind: 'booking_asked', ...told, link: `mailto:${asked.email}` } as const
    await writeAccountMail(client, sealer, { recipient: ownerEmail, content, nowMs })
  })
}
