import type { BoardMatch } from '@/server/services/boards/board'
import type { State } from './states'

export type BoardState = BoardMatch['state']

/** A board knows four states; each has the shape and colour that it has everywhere. */
export const BOARD_MARKS: Record<BoardState, { state: State; word: string }> = {
  clean: { state: 'clean', word: 'Clean' },
  under_mitigation: { state: 'mitigated', word: 'Under mitigation' },
  impaired: { state: 'impaired', word: 'Impaired' },
  unknown: { state: 'offline', word: 'No contact' },
}
