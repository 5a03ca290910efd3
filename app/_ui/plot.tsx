'use client'
import { useMemo } from 'react'
import type { Columns } from '@/app/_lib/series'
import { type ChartModel, type ChartRange, TimeChart } from './time-chart'

export type PlotWindow = { fromMs: number; toMs: number | null }

type Props = {
  columns: Columns
  scale: number
  height: number
  label: string
  /** Draw wire and the dropped band, or delivered alone. */
  show: 'wire' | 'delivered'
  window: PlotWindow
  range?: ChartRange
  onCursor: (index: number | null) => void
  onZoom: (range: ChartRange | null) => void
}

/** Traffic around an incident: how big it is, or what players get of it. */
export function Plot({ columns, show, window, ...chart }: Props) {
  const { fromMs, toMs } = window
  const model = useMemo((): ChartModel => {
    const [timesS, wire, delivered, high, low, tripwire] = columns
    const tints = [{ fromMs, toMs, token: '--state-attack' }]
    if (show === 'delivered') {
      const lines = [{ name: 'Delivered', values: delivered, token: '--accent', width: 2 }]
      return { timesS, lines, band: { high, low }, tints }
    }
    const lines = [
      { name: 'Wire', values: wire, token: '--wire' },
      { name: 'Delivered', values: delivered, token: '--accent', width: 2, fill: 0.16 },
      { name: 'Tripwire', values: tripwire, token: '--ink-faint', dash: [5, 4] },
    ]
    return { timesS, lines, hatched: [0, 1], tints }
  }, [columns, show, fromMs, toMs])
  return <TimeChart {...chart} model={model} headroom={show === 'wire' ? 1.08 : 1.35} />
}
