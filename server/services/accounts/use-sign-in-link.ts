import { type Clock, systemClock } from '../../core/clock'
import { spendSignInLink, throughDoors } from '../../db/account-doors'
import type { AppDb } from '../../db/pool'
import { hashOf } from './token'

/** User whom the link signs in; null when it was used or its ten minutes are over. */
export const consumeSignInLink = ({
  db,
  clock = systemClock,
  token,
}: {
  db: AppDb
  clock?: Clock
  token: string
}): Promise<string | null> => throughDoors(db, (client) => spendSignInLink(client, hashOf(token), clock.now()))
