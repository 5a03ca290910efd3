import { simulatedSample } from '../server/testing/agent-simulator'
import type { PushBody } from '../wire/messages'

/** The sample of one second of a time that began at `baseMs`. */
export const sampleOf = (baseMs: number, second: number): PushBody => ({
  type: 'samples',
  samples: [simulatedSample(baseMs + second * 1_000, 900 + (second % 100))],
})
