import type { NodeTile } from '@/server/trpc/node-tile'

type Tile = Pick<NodeTile, 'name' | 'word' | 'lastSeenMs'>

/** What the agent's first steps look like from here. */
export type Arrival = 'none' | 'enrolled' | 'connected'

export const arrivalOf = ({ lastSeenMs }: Tile): Exclude<Arrival, 'none'> =>
  lastSeenMs === null ? 'enrolled' : 'connected'

/** Whether no server ever spoke from here, so that the fleet page is a guide. A name that waits for a server is a tile already. */
export const isFirstRun = (tiles: readonly Tile[]): boolean =>
  tiles.every(({ word, lastSeenMs }) => lastSeenMs === null && word === 'waiting for its agent')
