/** Where a chart stands on its canvas, in device pixels. */
export type Box = { left: number; top: number; width: number; height: number }

/** Charts that share a canvas. `drawnS`: right edge they were drawn with last; 0 when they must be drawn anew. */
export type Band = {
  canvas: HTMLCanvasElement
  boxes: Map<HTMLElement, Box>
  isVisible: boolean
  drawnS: number
  isDirty: boolean
}

/** Rows of charts that share a canvas: so many of them, or so many pixels. */
const CHARTS_MAX = 40
const HEIGHT_MAX = 600
/** Canvases that far from the screen are drawn already when they scroll in. */
const MARGIN = '120px'

type Row = { top: number; bottom: number; charts: { chart: HTMLElement; rect: DOMRect }[] }

const waiting = new Set<ChartSheet>()
let frame = 0

/** Tiles come, go and change places by the dozen: all sheets are measured before the first is placed, one layout for all. */
function measureAll(): void {
  frame = 0
  const placings = [...waiting].map((sheet) => sheet.measure())
  waiting.clear()
  for (const place of placings) place()
}

/**
 * Canvases over a grid of tiles, one for a few rows of charts: a browser pays for every canvas that changed, whatever was drawn
 * on it, so hundreds of small ones cost twenty times their drawing.
 */
export class ChartSheet {
  readonly bands: Band[] = []
  private readonly charts = new Set<HTMLElement>()
  private readonly seen: IntersectionObserver
  private readonly resized: ResizeObserver
  private readonly moved: MutationObserver

  /** `onChange`: there is something to draw that was not there. */
  constructor(
    private readonly host: HTMLElement,
    private readonly onChange: () => void,
  ) {
    this.seen = new IntersectionObserver((entries) => this.see(entries), { rootMargin: MARGIN })
    this.resized = new ResizeObserver(() => this.measureSoon())
    this.resized.observe(host)
    this.moved = new MutationObserver(() => this.measureSoon())
    this.moved.observe(host, { childList: true })
  }

  get isEmpty(): boolean {
    return this.charts.size === 0
  }

  add(chart: HTMLElement): void {
    this.charts.add(chart)
    this.measureSoon()
  }

  remove(chart: HTMLElement): void {
    this.charts.delete(chart)
    this.measureSoon()
  }

  close(): void {
    waiting.delete(this)
    this.seen.disconnect()
    this.resized.disconnect()
    this.moved.disconnect()
    this.drop(0)
  }

  private measureSoon(): void {
    waiting.add(this)
    if (frame === 0) frame = requestAnimationFrame(measureAll)
  }

  /** Reads where everything stands; what it gives back puts the canvases there. */
  measure(): () => void {
    const origin = this.host.getBoundingClientRect()
    const placed = [...this.charts].map((chart) => ({ chart, rect: chart.getBoundingClientRect() }))
    const groups = inBands(inRows(placed, origin.top))
    return () => this.lay(groups, origin)
  }

  private lay(groups: readonly Row[][], origin: DOMRect): void {
    this.drop(groups.length)
    groups.forEach((rows, index) => {
      const top = rows[0]?.top ?? 0
      const band = this.bands[index] ?? this.make(index)
      const scale = devicePixelRatio
      band.boxes = new Map()
      for (const { chart, rect } of rows.flatMap(({ charts }) => charts)) {
        const { left, top: chartTop, width, height } = rect
        band.boxes.set(chart, {
          left: Math.round((left - origin.left) * scale),
          top: Math.round((chartTop - origin.top - top) * scale),
          width: Math.round(width * scale),
          height: Math.round(height * scale),
        })
      }
      const size = { width: origin.width, height: Math.max(...rows.map(({ bottom }) => bottom)) - top }
      place(band.canvas, top, size)
      resize(band, size)
    })
    this.onChange()
  }

  private make(index: number): Band {
    const canvas = document.createElement('canvas')
    canvas.setAttribute('aria-hidden', 'true')
    canvas.style.cssText = 'position:absolute;left:0;pointer-events:none'
    // Beside the list, not in it: a list holds items only.
    this.host.after(canvas)
    const band: Band = { canvas, boxes: new Map(), isVisible: false, drawnS: 0, isDirty: true }
    this.bands[index] = band
    this.seen.observe(canvas)
    return band
  }

  private drop(from: number): void {
    for (const { canvas } of this.bands.splice(from)) {
      this.seen.unobserve(canvas)
      canvas.remove()
    }
  }

  private see(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      const band = this.bands.find(({ canvas }) => canvas === target)
      if (!band) continue
      band.isVisible = isIntersecting
      resize(band, boundingClientRect)
    }
    this.onChange()
  }
}

function inRows(placed: readonly { chart: HTMLElement; rect: DOMRect }[], originTop: number): Row[] {
  const rows = new Map<number, Row>()
  for (const one of placed) {
    const { rect } = one
    const top = Math.floor(rect.top - originTop)
    const row = rows.get(top) ?? { top, bottom: top, charts: [] }
    row.bottom = Math.max(row.bottom, Math.ceil(rect.bottom - originTop))
    row.charts.push(one)
    rows.set(top, row)
  }
  return [...rows.values()].sort((left, right) => left.top - right.top)
}

function inBands(rows: readonly Row[]): Row[][] {
  const bands: Row[][] = []
  let charts = 0
  for (const row of rows) {
    const band = bands.at(-1)
    const first = band?.[0]
    if (!band || !first || charts + row.charts.length > CHARTS_MAX || row.bottom - first.top > HEIGHT_MAX) {
      bands.push([row])
      charts = row.charts.length
    } else {
      band.push(row)
      charts += row.charts.length
    }
  }
  return bands
}

function place(canvas: HTMLCanvasElement, top: number, { width, height }: { width: number; height: number }): void {
  Object.assign(canvas.style, { top: `${top}px`, width: `${width}px`, height: `${height}px` })
}

/** Off screen a canvas holds no memory. A size once set clears what was drawn. */
function resize(band: Band, { width, height }: { width: number; height: number }): void {
  band.canvas.width = band.isVisible ? Math.round(width * devicePixelRatio) : 0
  band.canvas.height = band.isVisible ? Math.round(height * devicePixelRatio) : 0
  band.drawnS = 0
  band.isDirty = true
}
