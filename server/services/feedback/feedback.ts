import type { VectorId } from '../../../wire/vectors'

/** An attack as named, an audience taken for one, or an attack under a wrong name. */
export const VERDICTS = ['attack', 'audience', 'misnamed'] as const
export type FeedbackVerdict = (typeof VERDICTS)[number]

export type Feedback = {
  authorId: string
  verdict: FeedbackVerdict
  vectorId: VectorId | null
  text: string
  at: Date
}
