import { EnrolRequest, type EnrolResponse, enrolStatement } from '../../wire/messages'
import { isSigned } from './authenticate-agent'
import { type Route, readJson, sendJson } from './http'
import { WireFailure } from './wire-failure'

export type EnrolNode = (request: Omit<EnrolRequest, 'proof'>) => Promise<EnrolResponse>

/** Trades a one-time token for the right to connect with the key whose possession the node proves. */
export function enrolRoute(enrol: EnrolNode): Route {
  return {
    method: 'POST',
    path: '/gateway/enroll',
    handle: async (request, response) => {
      const parsed = EnrolRequest.safeParse(await readJson(request, 8_192))
      if (!parsed.success) throw new WireFailure('bad_message', 'The enrolment request is malformed. Update the agent.')
      const { proof, ...enrolment } = parsed.data
      if (!isSigned(enrolStatement(enrolment.token, enrolment.publicKey), proof, enrolment.publicKey)) {
        throw new WireFailure('bad_signature', 'The request is not signed by the key it enrols.')
      }
      sendJson(response, 200, await enrol(enrolment))
    },
  }
}
