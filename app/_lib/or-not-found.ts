import { TRPCError } from '@trpc/server'
import { forbidden, notFound, redirect } from 'next/navigation'

/** What is not there and what is another's look the same: not found. A malformed id is not there either. */
export async function orNotFound<Value>(value: Promise<Value>): Promise<Value> {
  try {
    return await value
  } catch (error) {
    // The layout knows the way back; a page beside it only stops.
    if (error instanceof TRPCError && error.code === 'UNAUTHORIZED') redirect('/sign-in')
    if (error instanceof TRPCError && (error.code === 'NOT_FOUND' || error.code === 'BAD_REQUEST')) notFound()
    if (error instanceof TRPCError && error.code === 'FORBIDDEN') forbidden()
    throw error
  }
}
