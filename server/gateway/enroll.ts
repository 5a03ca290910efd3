import { EnrolRequest, type EnrolResponse, enrolStatement } from '../../wire/messages'
import { readAs } from '../../wire/read'
import { createAttemptLimit } from '../auth/attempt-limit'
import { isSigned } from '../core/signature'
import { addressOf, type Route, readJson, sendJson } from './http'
import type { Refusals } from './refusals'
import { WireFailure } from './wire-failure'

export type EnrolNode = (request: Omit<EnrolRequest, 'proof'>) => Promise<EnrolResponse>

/** Refused enrolments of one address a minute. Those that succeed do not count: a fleet may stand behind one address. */
const FAILURES_MAX = 10
const WINDOW_MS = 60_000

/** Trades a one-time token for the right to connect with the key whose possession the node proves. */
export function enrolRoute(enrol: EnrolNode, refusals: Refusals): Route {
  const limit = createAttemptLimit({ failuresMax: FAILURES_MAX, windowMs: WINDOW_MS, keysMax: 10_000 })
  return {
    method: 'POST',
    path: '/gateway/enroll',
    handle: async (request, response) => {
      const from = addressOf(request)
      if (limit.isSpent(from)) throw tooMany()
      try {
        const enrolment = checkRequest(await readJson(request, 8_192))
        sendJson(response, 200, await enrol(enrolment))
      } catch (error) {
        if (error instanceof WireFailure) {
          limit.fail(from)
          refusals.note('enrol', error, from)
        }
        throw error
      }
    },
  }
}

function checkRequest(body: unknown): Omit<EnrolRequest, 'proof'> {
  const parsed = readAs(EnrolRequest, body)
  if (!parsed.success) throw new WireFailure('bad_message', 'The enrolment request is malformed. Update the agent.')
  const { proof, ...enrolment } = parsed.data
  if (!isSigned(enrolStatement(enrolment.token, enrolment.publicKey), proof, enrolment.publicKey)) {
    throw new WireFailure('bad_signature', 'The request is not signed by the key it enrols.')
  }
  return enrolment
}

const tooMany = (): WireFailure =>
  new WireFailure('busy', 'Too many refused enrolments from this address. Wait a minute, then try again.', {
    retryAfterMs: WINDOW_MS,
  })
