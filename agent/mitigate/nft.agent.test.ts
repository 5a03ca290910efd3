import { afterEach, expect, test } from 'vitest'
import { NftError, startNft } from './nft'

const nft = startNft()
afterEach(() => nft.close())

test('an error reaches the command that caused it and no other, however many are asked at once', async () => {
  const asked = Array.from({ length: 200 }, (_, at) =>
    at % 3 === 0 ? nft.run([`list table inet missing_${at}`]) : nft.run(['describe icmp_type']),
  )
  const answers = await Promise.allSettled(asked)
  for (const [at, answer] of answers.entries()) {
    if (at % 3 === 0) expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(NftError) })
    else expect(answer).toMatchObject({ status: 'fulfilled', value: expect.stringContaining('ICMP type') })
  }
})
