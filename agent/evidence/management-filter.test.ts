import { describe, expect, it } from 'vitest'
import { managementFilter } from './management-filter'

describe('management filter', () => {
  it('leaves SSH and the line to the platform out, and nothing a service here may use', () => {
    expect(managementFilter('http://192.0.2.1:4700')).toBe('not tcp port 22 and not (host 192.0.2.1 and tcp port 4700)')
    expect(managementFilter('https://[2001:db8::1]')).toBe(
      'not tcp port 22 and not (host 2001:db8::1 and tcp port 443)',
    )
    expect(managementFilter('https://security.example.org')).toBe('not tcp port 22')
    expect(managementFilter('https://security.example.org:8443')).toBe('not tcp port 22 and not tcp port 8443')
  })
})
