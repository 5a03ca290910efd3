import type { VectorId } from '../../wire/vectors'
import { formatId } from '../core/ids'
import type { Ctx } from '../services/context'
import type { Feedback, FeedbackVerdict } from '../services/feedback/feedback'
import type { Note } from '../services/notes/note'

export type NoteView = {
  id: string
  author: string | null
  text: string
  atMs: number
  editedMs: number | null
  isOwn: boolean
}

export type FeedbackView = {
  author: string | null
  verdict: FeedbackVerdict
  vectorId: VectorId | null
  text: string
  atMs: number
  isOwn: boolean
}

type NameOf = (userId: string) => string | null

const isBy = ({ actor }: Ctx, userId: string): boolean => actor.kind === 'user' && actor.userId === userId

export const toNote = ({ id, authorId, text, createdAt, editedAt }: Note, ctx: Ctx, nameOf: NameOf): NoteView => ({
  id: formatId('note', id),
  author: nameOf(authorId),
  text,
  atMs: createdAt.getTime(),
  editedMs: editedAt?.getTime() ?? null,
  isOwn: isBy(ctx, authorId),
})

export const toFeedback = (
  { authorId, verdict, vectorId, text, at }: Feedback,
  ctx: Ctx,
  nameOf: NameOf,
): FeedbackView => ({
  author: nameOf(authorId),
  verdict,
  vectorId,
  text,
  atMs: at.getTime(),
  isOwn: isBy(ctx, authorId),
})
