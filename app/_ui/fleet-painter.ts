import { againstUsual, bitRate, type Figure, packetRate } from '@/app/_lib/figures'
import { Seconds } from '@/app/_lib/seconds'
import { drawTile, readTileColours, type TileColours } from './tile-chart'

/** Where the figures of one tile stand; React makes these elements and never writes into them again. */
export type TileParts = {
  canvas: HTMLCanvasElement
  rate: FigureParts
  bits: FigureParts | null
  usual: Text | null
}
export type FigureParts = { value: Text; unit: Text }

/** `drawnS`: right edge of the chart as it was drawn last; 0 when it must be drawn anew. */
type Tile = { parts: TileParts; isVisible: boolean; isDirty: boolean; drawnS: number }

/** What one frame may spend on tiles, so that scrolling and typing stay smooth. */
const FRAME_MS = 4
/** A node silent for this long shows no rate: what it was says nothing of now. */
const SILENT_S = 15

/** One drawing loop for all tiles: those on screen, a few in each frame, once a second each. */
export class FleetPainter {
  readonly nodes = new Map<string, Seconds>()
  private readonly tiles = new Map<string, Tile>()
  private readonly byCanvas = new WeakMap<Element, Tile>()
  private colours: TileColours | null = null
  private edgeS = 0
  private frame = 0
  private readonly seen: IntersectionObserver
  private readonly resized: ResizeObserver

  constructor(private readonly spanS: number) {
    this.seen = new IntersectionObserver((entries) => this.see(entries), { rootMargin: '120px' })
    this.resized = new ResizeObserver((entries) => this.resize(entries))
  }

  secondsOf(nodeId: string): Seconds {
    const known = this.nodes.get(nodeId)
    if (known) return known
    const made = new Seconds()
    this.nodes.set(nodeId, made)
    return made
  }

  /** Shows a node in these elements until the function it returns is called. */
  show(nodeId: string, parts: TileParts): () => void {
    const tile: Tile = { parts, isVisible: false, isDirty: true, drawnS: 0 }
    this.tiles.set(nodeId, tile)
    this.byCanvas.set(parts.canvas, tile)
    this.seen.observe(parts.canvas)
    this.resized.observe(parts.canvas)
    return () => {
      this.seen.unobserve(parts.canvas)
      this.resized.unobserve(parts.canvas)
      if (this.tiles.get(nodeId) === tile) this.tiles.delete(nodeId)
    }
  }

  /** New seconds are in: the common right edge of all charts moves to the newest, or to the clock while the line stands. */
  advance(clockS: number | null): void {
    let newest = this.edgeS
    for (const seconds of this.nodes.values()) if (seconds.newest > newest) newest = seconds.newest
    // A silent fleet under a standing line ages; two seconds are on their way.
    this.edgeS = clockS === null || newest === 0 ? newest : Math.max(newest, clockS - 2)
    for (const tile of this.tiles.values()) tile.isDirty = true
    this.schedule()
  }

  /** Gaps were filled: charts that stand where they stood are other ones all the same. */
  redraw(): void {
    for (const tile of this.tiles.values()) tile.drawnS = 0
    this.advance(null)
  }

  /** Colours are other ones now. */
  recolour(): void {
    this.colours = null
    this.redraw()
  }

  stop(): void {
    cancelAnimationFrame(this.frame)
    this.seen.disconnect()
    this.resized.disconnect()
  }

  private schedule(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.paintSome())
  }

  private paintSome(): void {
    this.frame = 0
    this.colours ??= readTileColours()
    const until = performance.now() + FRAME_MS
    for (const [nodeId, tile] of this.tiles) {
      if (!tile.isDirty || !tile.isVisible) continue
      if (performance.now() > until) {
        this.schedule()
        return
      }
      tile.isDirty = false
      this.paint(this.secondsOf(nodeId), tile, this.colours)
    }
  }

  private paint(seconds: Seconds, tile: Tile, colours: TileColours): void {
    const { canvas, rate, bits, usual } = tile.parts
    const fromS = this.edgeS - this.spanS
    // A small chart moves by less than a pixel a second: it is drawn when it moved by one.
    if (((this.edgeS - tile.drawnS) / this.spanS) * canvas.width >= 1) {
      drawTile(canvas, seconds, { fromS, toS: this.edgeS }, colours)
      tile.drawnS = this.edgeS
    }
    canvas.dataset.missing = String(seconds.missing(fromS))
    canvas.dataset.newest = String(seconds.newest)
    if (seconds.newest === 0) return
    const isSilent = seconds.newest < this.edgeS - SILENT_S
    const wire = seconds.wireAt(seconds.newest)
    writeFigure(rate, isSilent ? NO_RATE : packetRate(wire))
    if (bits && isSilent) writeFigure(bits, NOTHING)
    else if (bits && seconds.wireBps !== null) writeFigure(bits, bitRate(seconds.wireBps))
    const usualPps = seconds.usualAt(seconds.newest)
    if (usual) write(usual, isSilent ? '' : againstUsual(wire, Number.isNaN(usualPps) ? null : usualPps))
  }

  private see(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const tile = this.byCanvas.get(target)
      if (tile) tile.isVisible = isIntersecting
    }
    this.schedule()
  }

  private resize(entries: ResizeObserverEntry[]): void {
    for (const { target, contentRect } of entries) {
      const tile = this.byCanvas.get(target)
      if (!tile) continue
      tile.parts.canvas.width = Math.round(contentRect.width * devicePixelRatio)
      tile.parts.canvas.height = Math.round(contentRect.height * devicePixelRatio)
      tile.isDirty = true
      tile.drawnS = 0
    }
    this.schedule()
  }
}

const NO_RATE: Figure = { value: 'no data', unit: '' }
const NOTHING: Figure = { value: '', unit: '' }

function writeFigure(parts: FigureParts, { value, unit }: Figure): void {
  write(parts.value, value)
  write(parts.unit, unit)
}

/** Only what changed: every write costs a layout of the tile. */
function write(text: Text, value: string): void {
  if (text.data !== value) text.data = value
}
