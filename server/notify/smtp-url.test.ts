import { describe, expect, it } from 'vitest'
import { readSmtp } from './smtp-url'

const FROM = 'Alerts <alerts@league.example>'

describe('SMTP_URL', () => {
  it.each([
    ['smtps://mail.example', { port: 465, tls: 'always', auth: null }],
    ['smtp://mail.example', { port: 587, tls: 'starttls', auth: null }],
    ['smtp://mail.example:2525?starttls=offered', { port: 2525, tls: 'offered' }],
    ['smtp://localhost:25', { port: 25, tls: 'offered' }],
    ['smtp://[::1]:25', { host: '::1', tls: 'offered' }],
    ['smtps://me%40league.example:p%3As%2F@mail.example', { auth: { user: 'me@league.example', pass: 'p:s/' } }],
  ])('%s is understood', (url, expected) => {
    expect(readSmtp(url, FROM)).toMatchObject(expected)
  })

  it.each(['', 'mail.example:25', 'http://mail.example', 'smtp://', 'smtp://mail.example?starttls=never'])(
    '%j is refused with the way to write it',
    (url) => {
      expect(() => readSmtp(url, FROM)).toThrow(/^SMTP_URL/)
    },
  )
})

describe('MAIL_FROM', () => {
  it.each([
    [FROM, { name: 'Alerts', address: 'alerts@league.example' }],
    ['"Baltic, Open" <a@league.example>', { name: 'Baltic, Open', address: 'a@league.example' }],
    ['alerts@league.example', { name: '', address: 'alerts@league.example' }],
  ])('%s is understood', (from, expected) => {
    expect(readSmtp('smtp://localhost', from).from).toEqual(expected)
  })

  it.each([
    '',
    'Alerts',
    'Alerts <alerts>',
    'a@b.example\r\nBcc: eve@evil.example',
    'A\r\nBcc: e@e.example <a@b.example>',
  ])('%j is refused', (from) => {
    expect(() => readSmtp('smtp://localhost', from)).toThrow(/^MAIL_FROM/)
  })
})
