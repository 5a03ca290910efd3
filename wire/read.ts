import { z } from 'zod'

/**
 * What came from outside, as `shape` has it or why not. Never throws: zod's length checks (4.6.7) compare the `length` of
 * whatever stands there, and comparing one that is an object without a number in it throws.
 */
export function readAs<Shape extends z.ZodType>(shape: Shape, claim: unknown): z.ZodSafeParseResult<z.output<Shape>> {
  try {
    return shape.safeParse(claim)
  } catch {
    return { success: false, error: new z.ZodError([{ code: 'custom', path: [], message: 'unreadable' }]) as never }
  }
}
