/** What became of numbered packets: when each was sent and how long its echo took. Pure. */

export type Summary = {
  /** Numbered packets both ways: each input and the snapshot that echoes it. */
  sent: number
  lost: number
  /** Round trip in ms of those that came back; null when none did. */
  rttMs: { p50: number; p99: number; max: number } | null
}

const RING = 1 << 14

/** Log of one player: the last 16,384 packets, in rings so that memory stays flat. */
export class EchoLog {
  #sentUs = new Float64Array(RING)
  #rttUs = new Float64Array(RING)
  #next = 0

  /** Takes the next number for a packet sent at `atUs`. */
  send(atUs: number): number {
    const sequence = this.#next++
    this.#sentUs[sequence % RING] = atUs
    this.#rttUs[sequence % RING] = -1
    return sequence
  }

  echo(sequence: number, atUs: number): void {
    if (sequence >= this.#next || sequence < this.#next - RING) return
    const slot = sequence % RING
    if (this.#rttUs[slot]! < 0) this.#rttUs[slot] = atUs - this.#sentUs[slot]!
  }

  /** Round trips of packets sent within the window, µs; -1 for those without an echo. */
  window(fromUs: number, toUs: number): number[] {
    const found: number[] = []
    for (let sequence = Math.max(0, this.#next - RING); sequence < this.#next; sequence += 1) {
      const at = this.#sentUs[sequence % RING]!
      if (at >= fromUs && at < toUs) found.push(this.#rttUs[sequence % RING]!)
    }
    return found
  }
}

export function summarise(roundTripsUs: number[]): Summary {
  const back = roundTripsUs.filter((rtt) => rtt >= 0).sort((a, b) => a - b)
  const rank = (share: number) => Math.round(back[Math.max(0, Math.ceil(share * back.length) - 1)]!) / 1000
  return {
    // An exchange without an echo lost its input or its snapshot; an input that was lost never had a snapshot.
    sent: roundTripsUs.length + back.length,
    lost: roundTripsUs.length - back.length,
    rttMs: back.length > 0 ? { p50: rank(0.5), p99: rank(0.99), max: rank(1) } : null,
  }
}
