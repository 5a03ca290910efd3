/** A line of a chart as it is drawn, and its name. */
export function LegendItem({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <li className="flex items-center gap-2">
      <svg aria-hidden="true" width="18" height="12" viewBox="0 0 18 12" fill="none">
        {children}
      </svg>
      {name}
    </li>
  )
}
