import type { Sample } from '@/wire/sample'

/** As the gateway sends it to fleets: see server/gateway/watch-rooms.ts. */
export type FleetSeconds = {
  atS: number
  nodes: [
    idTail: string,
    agoS: number,
    wirePps: number,
    wireBps: number,
    deliveredPps: number,
    usualPps: number | null,
    usualPpsHigh: number | null,
  ][]
}

export type LiveEvents = {
  incident: (summary: { id: string; nodeId?: string }) => void
  node: (node: { nodeId: string; state: 'online' | 'offline'; lastSeenMs: number | null }) => void
  seconds: (seconds: FleetSeconds) => void
  sample: (batch: { nodeId: string; sample: Sample }) => void
  history: (history: { nodeId: string; fromMs: number; toMs: number }) => void
  /** Policies, kill switches, or what nodes hold. */
  policy: () => void
}

export type Refusal = { code: string; message: string }
export type Ack = { ok: true } | { ok: false; error: Refusal }
export type WatchRequest = { workspace: string; fleet: boolean; nodes: string[] }

type Listener<Name extends keyof LiveEvents> = LiveEvents[Name]

/** What somebody looks at: the fleet, or one node by its id. */
export type Watch = {
  target: 'fleet' | string
  /** Runs whenever seconds begin to flow, first or again: what happened until then must be asked for. */
  onFlowing: () => void
}

/** Listeners and watches that stay while sockets come and go. */
export class LiveHub {
  private readonly listeners = new Map<keyof LiveEvents, Set<(payload: never) => void>>()
  private readonly joinListeners = new Set<() => void>()
  private readonly watches = new Set<Watch>()
  private readonly flowing = new Set<Watch>()
  private onWatchesChanged: (() => void) | null = null

  on<Name extends keyof LiveEvents>(name: Name, listener: Listener<Name>): () => void {
    const set = this.listeners.get(name) ?? new Set()
    this.listeners.set(name, set)
    set.add(listener as (payload: never) => void)
    return () => void set.delete(listener as (payload: never) => void)
  }

  onJoin(listener: () => void): () => void {
    this.joinListeners.add(listener)
    return () => void this.joinListeners.delete(listener)
  }

  watch(watch: Watch): () => void {
    this.watches.add(watch)
    this.onWatchesChanged?.()
    return () => {
      this.watches.delete(watch)
      this.flowing.delete(watch)
      this.onWatchesChanged?.()
    }
  }

  /** The socket's side: told when the set of watches changed. */
  attach(onWatchesChanged: (() => void) | null): void {
    this.onWatchesChanged = onWatchesChanged
  }

  request(workspace: string): WatchRequest {
    const targets = new Set([...this.watches].map(({ target }) => target))
    return { workspace, fleet: targets.delete('fleet'), nodes: [...targets] }
  }

  emit(name: keyof LiveEvents, payload: unknown): void {
    for (const listener of this.listeners.get(name) ?? []) listener(payload as never)
  }

  joined(): void {
    for (const listener of this.joinListeners) listener()
  }

  /** The gateway sends what `request` asked for. */
  watched({ fleet, nodes }: WatchRequest): void {
    for (const watch of this.watches) {
      const isSent = watch.target === 'fleet' ? fleet : nodes.includes(watch.target)
      if (!isSent || this.flowing.has(watch)) continue
      this.flowing.add(watch)
      watch.onFlowing()
    }
  }

  lost(): void {
    this.flowing.clear()
  }
}
