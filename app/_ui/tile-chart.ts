import type { Seconds } from '@/app/_lib/seconds'
import type { Box } from './chart-sheet'
import { readColour } from './theme-colours'

export type TileColours = { wire: string; delivered: string; usual: string; hatch: CanvasPattern | string }

/** Resolved once for all tiles of a scheme. */
export function readTileColours(): TileColours {
  return {
    wire: readColour('--wire'),
    delivered: readColour('--accent'),
    usual: readColour('--accent', 0.13),
    hatch: hatch(readColour('--wire', 0.6)),
  }
}

/** Diagonal hatching for what was dropped: readable without colour and in print. `scale`: device pixels of one pixel. */
export function hatch(colour: string, scale = devicePixelRatio, gap = 5): CanvasPattern | string {
  const size = Math.round(gap * scale)
  const tile = document.createElement('canvas')
  tile.width = size
  tile.height = size
  const ctx = tile.getContext('2d')
  if (!ctx) return colour
  ctx.strokeStyle = colour
  ctx.lineWidth = scale * 0.75
  ctx.beginPath()
  for (const shift of [-size, 0, size]) {
    ctx.moveTo(shift, size)
    ctx.lineTo(shift + size, 0)
  }
  ctx.stroke()
  return ctx.createPattern(tile, 'repeat') ?? colour
}

type Frame = Box & { fromS: number; toS: number; highest: number; seconds: Seconds }

const x = ({ fromS, toS, left, width }: Frame, at: number): number => left + ((at - fromS) / (toS - fromS)) * width
const y = ({ top, height, highest }: Frame, pps: number): number => top + height - 1 - (pps / highest) * (height - 2)

/** Five minutes of one node in its box: usual as a soft band, wire thin, delivered solid, dropped hatched between. Gaps stay gaps. */
export function drawTile(
  ctx: CanvasRenderingContext2D,
  box: Box,
  seconds: Seconds,
  window: { fromS: number; toS: number },
  colours: TileColours,
): void {
  const scale = devicePixelRatio
  const frame: Frame = { ...window, ...box, seconds, highest: 1 }
  let hasDropped = false
  for (let at = window.fromS + 1; at <= window.toS; at += 1) {
    if (!seconds.has(at)) continue
    const wire = seconds.wireAt(at)
    const high = seconds.usualHighAt(at)
    frame.highest = Math.max(frame.highest, wire * 1.06, Number.isNaN(high) ? 0 : high * 1.45)
    hasDropped ||= wire - seconds.deliveredAt(at) > Math.max(1, wire * 0.01)
  }
  fillBetween(ctx, frame, seconds.usualHighAt, () => 0, colours.usual)
  if (hasDropped) {
    fillBetween(ctx, frame, seconds.wireAt, seconds.deliveredAt, colours.hatch)
    // In peace it lies under the other line.
    strokeLine(ctx, frame, seconds.wireAt, colours.wire, scale)
  }
  strokeLine(ctx, frame, seconds.deliveredAt, colours.delivered, scale * 1.5)
}

type Read = (at: number) => number

function strokeLine(ctx: CanvasRenderingContext2D, frame: Frame, read: Read, colour: string, width: number): void {
  ctx.beginPath()
  let isDown = false
  for (let at = frame.fromS + 1; at <= frame.toS; at += 1) {
    const value = read(at)
    if (Number.isNaN(value)) {
      isDown = false
      continue
    }
    if (isDown) ctx.lineTo(x(frame, at), y(frame, value))
    else ctx.moveTo(x(frame, at), y(frame, value))
    isDown = true
  }
  ctx.strokeStyle = colour
  ctx.lineWidth = width
  ctx.lineJoin = 'round'
  ctx.stroke()
}

function fillBetween(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  upper: Read,
  lower: Read,
  fill: CanvasPattern | string,
): void {
  ctx.beginPath()
  let start = -1
  for (let at = frame.fromS + 1; at <= frame.toS + 1; at += 1) {
    const isKnown = at <= frame.toS && !Number.isNaN(upper(at))
    if (isKnown && start < 0) start = at
    if (isKnown || start < 0) continue
    addBand(ctx, frame, start, at - 1, upper, lower)
    start = -1
  }
  ctx.fillStyle = fill
  ctx.fill()
}

function addBand(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  first: number,
  last: number,
  upper: Read,
  lower: Read,
): void {
  ctx.moveTo(x(frame, first), y(frame, upper(first)))
  for (let at = first + 1; at <= last; at += 1) ctx.lineTo(x(frame, at), y(frame, upper(at)))
  for (let at = last; at >= first; at -= 1) ctx.lineTo(x(frame, at), y(frame, lower(at)))
  ctx.closePath()
}
