import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { preload } from 'react-dom'
import type { AppRouter } from '@/server/trpc/router'

type At<Shape, Path> = Path extends `${infer Router}.${infer Name}`
  ? Router extends keyof Shape
    ? Name extends keyof Shape[Router]
      ? Shape[Router][Name]
      : never
    : never
  : never
type Input<Path> = At<inferRouterInputs<AppRouter>, Path>
type Output<Path> = At<inferRouterOutputs<AppRouter>, Path>

// tRPC over HTTP as it is documented. Its client and cache weigh 21 kB, which the dashboard does not load: see ADR 0019.

/** Asks a procedure that changes nothing. @throws Error with the sentence of the platform */
export async function ask<Path extends string>(path: Path, input: Input<Path>): Promise<Output<Path>> {
  return answer(addressFor(path, input))
}

const addressFor = <Path extends string>(path: Path, input: Input<Path>): string =>
  `/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`

/** While rendering: lets the browser ask this beside the page's scripts, so that the first `ask` for just this has its answer. */
export const askAhead = <Path extends string>(path: Path, input: Input<Path>): void =>
  preload(addressFor(path, input), { as: 'fetch', crossOrigin: 'anonymous' })

/** Calls a procedure that changes something. @throws Error with the sentence of the platform */
export async function tell<Path extends string>(path: Path, input: Input<Path>): Promise<Output<Path>> {
  const headers = { 'content-type': 'application/json' }
  return answer(`/api/trpc/${path}`, { method: 'POST', headers, body: JSON.stringify(input) })
}

type Body<Result> = { result: { data: Result } } | { error: { message: string } }

async function answer<Result>(address: string, request?: RequestInit): Promise<Result> {
  // Whatever stands before the platform answers in forms of its own while that is away.
  const body = await fetch(address, request)
    .then((reply) => reply.json() as Promise<Body<Result>>)
    .catch(() => ({ error: { message: 'The platform did not answer. Try again in a moment.' } }))
  if ('error' in body) throw new Error(body.error.message)
  return body.result.data
}
