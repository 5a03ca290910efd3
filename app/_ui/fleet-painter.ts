import { againstUsual, bitRate, type Figure, packetRate } from '@/app/_lib/figures'
import type { FleetSeconds } from '@/app/_lib/live-events'
import { Seconds } from '@/app/_lib/seconds'
import { type Band, ChartSheet } from './chart-sheet'
import { drawTile, readTileColours, type TileColours } from './tile-chart'

/** Where the figures of one tile stand; React makes these elements and never writes into them again. */
export type TileParts = {
  /** Holds the place of the chart; its sheet draws over it. */
  chart: HTMLElement
  rate: FigureParts
  bits: FigureParts | null
  usual: Text | null
}
export type FigureParts = { value: Text; unit: Text }

type Tile = { nodeId: string; parts: TileParts; seconds: Seconds }

/** What one frame may spend on tiles, so that scrolling and typing stay smooth; more while charts stand empty. */
const FRAME_MS = 4
const FIRST_FRAME_MS = 24
/** A node silent for this long shows no rate: what it was says nothing of now. */
const SILENT_S = 15
const ID_TAIL_DIGITS = 12

/** One drawing loop for all tiles: the rows on screen, a few in each frame, once a second each. */
export class FleetPainter {
  readonly nodes = new Map<string, Seconds>()
  /** Told of each node that is shown from now on. */
  onShow: ((nodeId: string) => void) | null = null
  private readonly tiles = new Map<HTMLElement, Tile>()
  private readonly sheets = new Map<HTMLElement, ChartSheet>()
  private colours: TileColours | null = null
  private edgeS = 0
  private frame = 0

  constructor(private readonly spanS: number) {}

  /** By the node's id, or by the last digits of it alone, as seconds name it. */
  secondsOf(nodeId: string): Seconds {
    const tail = nodeId.slice(-ID_TAIL_DIGITS)
    const known = this.nodes.get(tail)
    if (known) return known
    const made = new Seconds()
    this.nodes.set(tail, made)
    return made
  }

  /** Takes seconds as the gateway sends them to fleets. */
  putSeconds({ atS, nodes }: FleetSeconds): void {
    for (const [idTail, agoS, wirePps, wireBps, deliveredPps, usual, usualHigh] of nodes) {
      const seconds = this.secondsOf(idTail)
      seconds.put(atS - agoS, wirePps, deliveredPps, usual, usualHigh)
      if (seconds.newest === atS - agoS) seconds.wireBps = wireBps
    }
  }

  /** Shows a node in these elements, on the sheet over `grid`, until the function it returns is called. */
  show(nodeId: string, grid: HTMLElement, parts: TileParts): () => void {
    const { chart } = parts
    const sheet = this.sheets.get(grid) ?? new ChartSheet(grid, () => this.schedule())
    this.sheets.set(grid, sheet)
    this.tiles.set(chart, { nodeId, parts, seconds: this.secondsOf(nodeId) })
    this.onShow?.(nodeId)
    sheet.add(chart)
    return () => {
      this.tiles.delete(chart)
      sheet.remove(chart)
      if (!sheet.isEmpty) return
      sheet.close()
      this.sheets.delete(grid)
    }
  }

  /** New seconds are in: the common right edge of all charts moves to the newest, or to the clock while the line stands. */
  advance(clockS: number | null): void {
    let newest = this.edgeS
    for (const seconds of this.nodes.values()) if (seconds.newest > newest) newest = seconds.newest
    // A silent fleet under a standing line ages; two seconds are on their way.
    this.edgeS = clockS === null || newest === 0 ? newest : Math.max(newest, clockS - 2)
    for (const band of this.bands()) band.isDirty = true
    this.schedule()
  }

  /** Gaps were filled: charts that stand where they stood are other ones all the same. */
  redraw(): void {
    for (const band of this.bands()) band.drawnS = 0
    this.advance(null)
  }

  /** Colours are other ones now. */
  recolour(): void {
    this.colours = null
    this.redraw()
  }

  stop(): void {
    cancelAnimationFrame(this.frame)
    this.frame = 0
    for (const sheet of this.sheets.values()) sheet.close()
    this.sheets.clear()
  }

  /** Nodes whose tiles are on the page, whole. */
  shown(): string[] {
    return [...new Set([...this.tiles.values()].map(({ nodeId }) => nodeId))]
  }

  private bands(): Band[] {
    return [...this.sheets.values()].flatMap(({ bands }) => bands)
  }

  private schedule(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.paintSome())
  }

  private paintSome(): void {
    this.frame = 0
    this.colours ??= readTileColours()
    const dirty = this.bands().filter(({ isDirty, isVisible }) => isDirty && isVisible)
    const isEmpty = this.edgeS > 0 && dirty.some(({ drawnS }) => drawnS === 0)
    const until = performance.now() + (isEmpty ? FIRST_FRAME_MS : FRAME_MS)
    for (const band of dirty) {
      if (performance.now() > until) {
        this.schedule()
        return
      }
      band.isDirty = false
      this.paint(band, this.colours)
    }
  }

  private paint(band: Band, colours: TileColours): void {
    const fromS = this.edgeS - this.spanS
    const widest = Math.max(0, ...[...band.boxes.values()].map(({ width }) => width))
    // A small chart moves by less than a pixel a second: it is drawn when it moved by one.
    const hasMoved = ((this.edgeS - band.drawnS) / this.spanS) * widest >= 1
    const ctx = hasMoved ? band.canvas.getContext('2d') : null
    if (ctx) {
      ctx.clearRect(0, 0, band.canvas.width, band.canvas.height)
      band.drawnS = this.edgeS
    }
    for (const [chart, box] of band.boxes) {
      const tile = this.tiles.get(chart)
      if (!tile) continue
      if (ctx) drawTile(ctx, box, tile.seconds, { fromS, toS: this.edgeS }, colours)
      this.writeFigures(tile)
    }
  }

  private writeFigures({ seconds, parts: { chart, rate, bits, usual } }: Tile): void {
    chart.dataset.missing = String(seconds.missing(this.edgeS - this.spanS))
    chart.dataset.newest = String(seconds.newest)
    if (seconds.newest === 0) return
    const isSilent = seconds.newest < this.edgeS - SILENT_S
    const wire = seconds.wireAt(seconds.newest)
    writeFigure(rate, isSilent ? NO_RATE : packetRate(wire))
    if (bits && isSilent) writeFigure(bits, NOTHING)
    else if (bits && seconds.wireBps !== null) writeFigure(bits, bitRate(seconds.wireBps))
    const usualPps = seconds.usualAt(seconds.newest)
    if (usual) write(usual, isSilent ? '' : againstUsual(wire, Number.isNaN(usualPps) ? null : usualPps))
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
