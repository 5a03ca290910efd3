import { bitRate, byteCount, type Figure as FigureValue, packetRate } from '@/app/_lib/figures'

/** Tabular figure with a quieter unit. */
export function Figure({ figure, className = '' }: { figure: FigureValue; className?: string }) {
  return (
    <span className={`figures whitespace-nowrap ${className}`}>
      {figure.value}
      <span className="ml-[0.3em] font-normal text-faint">{figure.unit}</span>
    </span>
  )
}

export const PacketRate = ({ pps, className }: { pps: number; className?: string }) => (
  <Figure figure={packetRate(pps)} className={className} />
)
export const BitRate = ({ bps, className }: { bps: number; className?: string }) => (
  <Figure figure={bitRate(bps)} className={className} />
)
export const Bytes = ({ bytes, className }: { bytes: number; className?: string }) => (
  <Figure figure={byteCount(bytes)} className={className} />
)
