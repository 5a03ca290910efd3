import pino from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { Channel, IncidentNotice, SendRequest, SendResult } from '../notify/channel'
import { createRegistry } from '../notify/registry'
import { type Attempt, type ClaimedMessage, createSender, type MessageQueue } from './sender'

const result = (part: Partial<SendResult> = {}): SendResult => ({
  outcome: 'delivered',
  replyCode: 200,
  mayHaveArrived: false,
  reached: [],
  detail: '',
  retryAfterMs: null,
  startedUs: 1,
  finishedUs: 2,
  ...part,
})

function channelOf(send: (request: SendRequest<unknown, unknown>) => Promise<SendResult>): Channel {
  return {
    id: 'webhook',
    name: 'Webhook',
    settings: z.object({ url: z.string() }),
    render: (notice) => JSON.stringify(notice),
    send,
    close: async () => {},
  }
}

const message = (messageId: string, part: Partial<ClaimedMessage> = {}): ClaimedMessage => ({
  workspaceId: 'w1',
  messageId,
  incidentId: 'i1',
  destinationId: 'd1',
  channel: 'webhook',
  settings: { url: 'https://hooks.example/' },
  notice: { type: 'incident.opened' } as IncidentNotice,
  attempts: 0,
  mayBeRepeat: false,
  reached: [],
  createdUs: 0,
  ...part,
})

/** A queue in memory: hands each message out once. */
function queueOf(messages: ClaimedMessage[]) {
  const recorded: Attempt[] = []
  const queue: MessageQueue = {
    claim: async (limit) => messages.splice(0, limit),
    record: async (attempt) => {
      recorded.push(attempt)
    },
  }
  return { queue, recorded, messages }
}

function senderOf(queue: MessageQueue, channel: Channel, inFlightMax = 64) {
  return createSender({
    queue,
    channels: createRegistry([channel]),
    openSettings: ({ settings }) => settings,
    nowUs: () => Date.now() * 1_000,
    random: () => 0,
    log: pino({ level: 'silent' }),
    onAttempt: () => {},
    sweepMs: 60_000,
    inFlightMax,
  })
}

describe('sender', () => {
  it('sends what is due at start and what arrives on wake, without waiting for the sweep', async () => {
    const { queue, recorded, messages } = queueOf([message('m1')])
    const sender = senderOf(
      queue,
      channelOf(async () => result()),
    )
    sender.start()
    await vi.waitFor(() => expect(recorded).toHaveLength(1))
    messages.push(message('m2'))
    sender.wake()
    await vi.waitFor(() => expect(recorded.map(({ message: { messageId } }) => messageId)).toEqual(['m1', 'm2']))
    await sender.stop()
  })

  it('loses no wake that comes while it is claiming', async () => {
    const later: ClaimedMessage[] = []
    let claims = 0
    const recorded: string[] = []
    const queue: MessageQueue = {
      claim: async (limit) => {
        claims += 1
        const found = later.splice(0, limit)
        if (claims === 1) {
          later.push(message('m1'))
          sender.wake()
        }
        return found
      },
      record: async (attempt) => {
        recorded.push(attempt.message.messageId)
      },
    }
    const sender = senderOf(
      queue,
      channelOf(async () => result()),
    )
    sender.start()
    await vi.waitFor(() => expect(recorded).toEqual(['m1']))
    await sender.stop()
  })

  it('keeps at most its bound on the wire, and one slow destination does not hold up the rest', async () => {
    let open = (): void => {}
    const slow = new Promise<void>((done) => {
      open = done
    })
    const { queue, recorded } = queueOf([message('slow'), ...['a', 'b', 'c'].map((id) => message(id))])
    const channel = channelOf(async ({ messageId }) => {
      if (messageId === 'slow') await slow
      return result()
    })
    const sender = senderOf(queue, channel, 2)
    sender.start()
    await vi.waitFor(() => expect(recorded.map((attempt) => attempt.message.messageId)).toEqual(['a', 'b', 'c']))
    open()
    await sender.stop()
    expect(recorded).toHaveLength(4)
  })

  it('records a failed attempt with the time of the next one', async () => {
    const { queue, recorded } = queueOf([message('m1', { attempts: 1 })])
    const sender = senderOf(
      queue,
      channelOf(async () => result({ outcome: 'retry', replyCode: 500 })),
    )
    sender.start()
    await vi.waitFor(() => expect(recorded).toHaveLength(1))
    expect(recorded[0]).toMatchObject({ attempt: 2, next: { kind: 'retry', waitMs: 300_000 } })
    await sender.stop()
  })

  it('says that a message may be a repeat to the channel', async () => {
    const seen: boolean[] = []
    const { queue, recorded } = queueOf([message('m1', { mayBeRepeat: true })])
    const sender = senderOf(
      queue,
      channelOf(async ({ mayBeRepeat }) => {
        seen.push(mayBeRepeat)
        return result()
      }),
    )
    sender.start()
    await vi.waitFor(() => expect(recorded).toHaveLength(1))
    expect(seen).toEqual([true])
    await sender.stop()
  })

  it.each([
    ['an unknown channel', { channel: 'pigeon' }, "There is no channel 'pigeon'."],
    [
      'settings that do not parse',
      { settings: {} },
      'The settings of this destination are not valid. Save them again.',
    ],
  ])('fails %s with a reason instead of trying for days', async (_title, part, detail) => {
    const { queue, recorded } = queueOf([message('m1', part)])
    const sender = senderOf(
      queue,
      channelOf(async () => result()),
    )
    sender.start()
    await vi.waitFor(() => expect(recorded).toHaveLength(1))
    expect(recorded[0]).toMatchObject({ result: { detail }, next: { kind: 'failed' } })
    await sender.stop()
  })

  it('waits on stop until what is on the wire is recorded, and claims nothing more', async () => {
    let open = (): void => {}
    const held = new Promise<void>((done) => {
      open = done
    })
    const { queue, recorded, messages } = queueOf([message('m1')])
    let isOnTheWire = false
    const sender = senderOf(
      queue,
      channelOf(async () => {
        isOnTheWire = true
        await held
        return result()
      }),
    )
    sender.start()
    await vi.waitFor(() => expect(isOnTheWire).toBe(true))
    messages.push(message('m2'))
    const stopped = sender.stop()
    open()
    await stopped
    expect(recorded.map((attempt) => attempt.message.messageId)).toEqual(['m1'])
  })
})
