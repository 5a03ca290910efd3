/** Room for five minutes and some seconds that run ahead. */
const SLOTS = 384

/**
 * The last minutes of one node, by second: in any order, each once in effect. What never came stays unknown, so gaps
 * stay gaps; what is older than the room is let go.
 */
export class Seconds {
  /** End of the newest second known, epoch seconds; 0 before any. */
  newest = 0
  wireBps: number | null = null
  private readonly at = new Float64Array(SLOTS)
  private readonly wire = new Float32Array(SLOTS)
  private readonly delivered = new Float32Array(SLOTS)
  private readonly usual = new Float32Array(SLOTS)
  private readonly usualHigh = new Float32Array(SLOTS)

  put(at: number, wirePps: number, deliveredPps: number, usual: number | null, usualHigh: number | null): void {
    if (at <= this.newest - SLOTS) return
    const slot = at % SLOTS
    this.at[slot] = at
    this.wire[slot] = wirePps
    this.delivered[slot] = deliveredPps
    this.usual[slot] = usual ?? Number.NaN
    this.usualHigh[slot] = usualHigh ?? Number.NaN
    if (at > this.newest) this.newest = at
  }

  has(at: number): boolean {
    return this.at[at % SLOTS] === at
  }

  wireAt = (at: number): number => (this.has(at) ? (this.wire[at % SLOTS] as number) : Number.NaN)
  deliveredAt = (at: number): number => (this.has(at) ? (this.delivered[at % SLOTS] as number) : Number.NaN)
  usualAt = (at: number): number => (this.has(at) ? (this.usual[at % SLOTS] as number) : Number.NaN)
  usualHighAt = (at: number): number => (this.has(at) ? (this.usualHigh[at % SLOTS] as number) : Number.NaN)

  /** Seconds unknown between the first known one after `from` and the newest. */
  missing(from: number): number {
    let first = from + 1
    while (first <= this.newest && !this.has(first)) first += 1
    let count = 0
    for (let at = first; at <= this.newest; at += 1) if (!this.has(at)) count += 1
    return count
  }

  /** Takes seconds as the platform writes them: `second,wire[,delivered[,usual,high]]` joined by `;`, counted from `fromMs`. */
  putTail(text: string, fromMs: number): void {
    const base = fromMs / 1_000
    let usual: number | null = null
    let high: number | null = null
    for (const part of text.split(';')) {
      const [second, wire, delivered, newUsual, newHigh] = part.split(',')
      if (second === undefined || wire === undefined) continue
      if (newUsual !== undefined && newHigh !== undefined) {
        usual = Number(newUsual)
        high = Number(newHigh)
      }
      this.put(base + Number(second), Number(wire), Number(delivered ?? wire), usual, high)
    }
  }
}
