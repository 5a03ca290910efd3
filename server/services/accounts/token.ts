import { createHash, randomBytes } from 'node:crypto'

/** 192 random bits, given out in a link once; kept as a plain hash, which such a number bears. */
export const newToken = (): string => randomBytes(24).toString('base64url')

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
