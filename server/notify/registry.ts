import type { Channel } from './channel'

export type ChannelRegistry = {
  get: (id: string) => Channel | null
  list: () => Channel[]
  close: () => Promise<void>
}

/** Channels by id. A channel's settings are parsed by its own schema before its functions see them. */
export function createRegistry(channels: Channel[]): ChannelRegistry {
  const byId = new Map<string, Channel>()
  for (const channel of channels) {
    if (byId.has(channel.id)) throw new Error(`Two channels are called '${channel.id}'.`)
    byId.set(channel.id, channel)
  }
  return {
    get: (id) => byId.get(id) ?? null,
    list: () => [...byId.values()],
    close: async () => {
      await Promise.all([...byId.values()].map((channel) => channel.close()))
    },
  }
}
