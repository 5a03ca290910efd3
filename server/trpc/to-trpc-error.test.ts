import { expect, test } from 'vitest'
import { NotFoundError } from '../core/errors'
import { toTRPCError } from './to-trpc-error'

test('our errors keep their words, others say nothing of their cause', () => {
  expect(toTRPCError(new NotFoundError('incident'))).toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('incident'),
  })
  const unknown = toTRPCError(new Error('connect ECONNREFUSED 10.0.0.1'))
  expect(unknown.code).toBe('INTERNAL_SERVER_ERROR')
  expect(unknown.message).not.toContain('ECONNREFUSED')
})
