/** A gate across a rising line of water; takes the colour of its surroundings. */
export function BrandMark({ size = 20 }: { size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 20 20" fill="none" className="shrink-0 text-accent">
      <path d="M3 2.5v15M17 2.5v15" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      <path d="M7.5 2.5v7M12.5 2.5v7M5 9.5h10" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      <path
        d="M5.5 15c1.5-1.6 3-1.6 4.5 0s3 1.6 4.5 0"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        opacity="0.6"
      />
    </svg>
  )
}
