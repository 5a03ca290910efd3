import { z } from 'zod'
import { rate, text } from './parts'

/** Traffic of one direction: packets and bits each second. Bits include the IP header, not the link layer. */
export const Rate = z.object({ pps: rate, bps: rate })
export type Rate = z.infer<typeof Rate>

export const InterfaceSample = z.object({
  name: text(32),
  in: Rate,
  out: Rate,
  /** Packets the driver or kernel threw away each second, before any rule of ours. */
  inDropsPps: rate,
})
export type InterfaceSample = z.infer<typeof InterfaceSample>

export const PROTOCOLS = ['udp', 'tcp', 'icmp', 'other'] as const
export type Protocol = (typeof PROTOCOLS)[number]

const ProtocolSample = z.object({ in: Rate, out: Rate })

/** What one node measured during one second. `wire` is before our rules, `delivered` is after them. */
export const Sample = z.object({
  /** End of the second, epoch ms, a whole second. */
  atMs: z.int().nonnegative(),
  wire: Rate,
  dropped: Rate,
  delivered: Rate,
  out: Rate,
  protocols: z.object({ udp: ProtocolSample, tcp: ProtocolSample, icmp: ProtocolSample, other: ProtocolSample }),
  synPps: rate,
  interfaces: z.array(InterfaceSample).max(64),
  /** Established TCP connections, and sockets half open. */
  connections: z.int().nonnegative(),
  synBacklog: z.int().nonnegative(),
  listenDropsPps: rate,
  /** Datagrams lost each second because a socket's receive buffer was full. */
  socketDropsPps: rate,
  softnetDropsPps: rate,
  /** Middle and upper edge of what is usual for this hour, packets each second in; null while unlearned. */
  baseline: z.object({ pps: rate, ppsHigh: rate }).nullable(),
  /** Rate at which the kernel wakes the agent, UDP packets each second. */
  tripwirePps: rate,
  /** Packets over that rate which the kernel lets pass before it wakes the agent. Older agents do not say. */
  tripwireBurst: z.int().nonnegative().optional(),
  verifiedClients: z.int().nonnegative(),
})
export type Sample = z.infer<typeof Sample>
