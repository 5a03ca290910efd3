import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSealer, SealBroken } from './seal'

const OLD = 'old key, thirty-two characters at least'
const NEW = 'new key, thirty-two characters at least'
const sealer = createSealer([NEW])
const settings = { url: 'https://hooks.example/', secret: 'whsec_of_nobody' }

describe('seal', () => {
  it('gives back any JSON value it sealed, and shows nothing of it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.parse(JSON.stringify(value))
        expect(sealer.open(sealer.seal(json, 'a'), 'a')).toEqual(json)
      }),
    )
    expect(JSON.stringify(sealer.seal(settings, 'a'))).not.toContain('whsec_')
    expect(sealer.seal(settings, 'a')).not.toEqual(sealer.seal(settings, 'a'))
  })

  it('does not open in another place, so that no tenant can borrow the settings of another', () => {
    expect(() => sealer.open(sealer.seal(settings, 'ws1/dst1'), 'ws2/dst1')).toThrow(SealBroken)
  })

  it('does not open when any byte was changed', () => {
    const { sealed } = sealer.seal(settings, 'a')
    const bytes = Buffer.from(sealed.slice(sealer.mark.length), 'base64url')
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] as number) ^ 1
      const kept = { sealed: sealer.mark + changed.toString('base64url') }
      expect(() => sealer.open(kept, 'a')).toThrow(SealBroken)
    }
  })

  it('opens what an older key sealed while that key is listed, and seals with the newest', () => {
    const kept = createSealer([OLD]).seal(settings, 'a')
    const both = createSealer([NEW, OLD])
    expect(both.open(kept, 'a')).toEqual(settings)
    expect(sealer.open(both.seal(settings, 'a'), 'a')).toEqual(settings)
    expect(() => sealer.open(kept, 'a')).toThrow('Add the key it was sealed with to SETTINGS_KEY')
  })

  it('reads what was kept in clear before there was a key', () => {
    expect(sealer.open(settings, 'a')).toEqual(settings)
  })

  it.each([[[]], [['short']], [[NEW, 'short']]])('refuses keys %j', (keys) => {
    expect(() => createSealer(keys)).toThrow('SETTINGS_KEY needs at least 32')
  })
})
