import fc from 'fast-check'
import { expect, test } from 'vitest'
import { html } from './html'

test('no text, whatever it holds, leaves its place', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const body = html`<p title="${text}">${text}</p>`.text
      expect(body.match(/</g)).toHaveLength(2)
      expect(body.match(/"/g)).toHaveLength(2)
    }),
  )
})

test('markup made by the tag is kept, lists are joined, nothing stays nothing', () => {
  expect(html`${[html`<b>1</b>`, html`<b>2</b>`]}${null}${false}${'<'}`.text).toBe('<b>1</b><b>2</b>&lt;')
})
