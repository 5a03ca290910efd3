import { expect, test } from 'vitest'
import { slugOf } from './fields'

test.each([
  ['Spring Major!', 'spring-major'],
  ['Ligue Élite — Été', 'ligue-elite-ete'],
  ['電競', 'workspace-hq'],
  ['API', 'api-hq'],
  ['  --  ', 'workspace-hq'],
])('the address of “%s” is %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug)
})
