import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, expect, test } from 'vitest'
import { loadForeignFunctions } from '../addons'
import { NftError, openNft } from './nft'

const nft = openNft(loadForeignFunctions())
afterAll(() => nft.close())

test('an error reaches the commands that caused it and no other, in nft’s own words', () => {
  expect(nft.run(['describe icmp_type'])).toContain('ICMP type')
  expect(() => nft.run(['list table inet nowhere'])).toThrow(
    new NftError('nft refused the rules: No such file or directory'),
  )
  expect(nft.run(['describe icmp_type'])).toContain('ICMP type')
})

test('of commands that run together all stand or none', async () => {
  const name = `test_nft_${process.pid}`
  const half = [`add table inet ${name}`, `add chain inet ${name} a`, `add rule inet ${name} nowhere counter`]
  expect(() => nft.run(half)).toThrow(NftError)
  expect((await execa('nft', ['list', 'tables'])).stdout).not.toContain(name)
})

test('a table with an owner is closed to others, and goes with the agent that made it', async () => {
  const script = join(import.meta.dirname, '../fixtures/table-owner.ts')
  const { stdout } = await execa('unshare', ['--net', process.execPath, '--import', 'tsx', script])
  expect(JSON.parse(stdout)).toEqual({
    refused: 'nft refused the rules: Could not process rule: Operation not permitted',
    owned: 'table inet test_owned\n',
    left: '',
  })
})
