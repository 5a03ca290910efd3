import { LegendItem } from '@/app/_ui/legend-item'

/** What the lines of a tile are, once for all of them. */
export function Legend() {
  return (
    <ul className="flex flex-wrap items-center gap-x-5 gap-y-1 pt-2 text-sm text-soft">
      <LegendItem name="Wire, before our rules">
        <path d="M0 6H18" stroke="var(--wire)" />
      </LegendItem>
      <LegendItem name="Delivered">
        <path d="M0 6H18" stroke="var(--accent)" strokeWidth="2" />
      </LegendItem>
      <LegendItem name="Dropped">
        <path d="M0 11 6 1M6 11 12 1M12 11 18 1" stroke="var(--wire)" />
      </LegendItem>
      <LegendItem name="Usual at this hour, or less">
        <rect y="1" width="18" height="11" fill="var(--accent)" opacity="0.18" />
      </LegendItem>
      <li className="ml-auto text-faint">Five minutes of packets, 1 point = 1 s</li>
    </ul>
  )
}
