import { z } from 'zod'

export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email('write it like name@example.org'))
export const PersonName = z
  .string()
  .trim()
  .min(1, 'say how people should call you')
  .max(80, 'at most 80 characters')
  .regex(/^[^\p{C}]+$/u, 'no control characters')
export const WorkspaceName = z
  .string()
  .trim()
  .min(2, 'at least two characters')
  .max(60, 'at most 60 characters')
  .regex(/^[^\p{C}]+$/u, 'no control characters')
/** What may not begin an address of a workspace: they are pages of ours. */
const TAKEN = new Set([
  'api',
  'gateway',
  's',
  'sign-in',
  'sign-up',
  'confirm',
  'invite',
  'pricing',
  'faq',
  'product',
  'esports',
  'streaming',
  'measured',
  'book',
  'guide',
  'board',
  'workspace',
])

/** “Spring Major!” → `spring-major`. */
export function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
  return plain.length < 2 || TAKEN.has(plain) ? `${plain || 'workspace'}-hq` : plain
}
