/** On air or off air: shape and word, apart from the states of servers. */
export function AirMark({ isLive, size = 'base' }: { isLive: boolean; size?: 'sm' | 'base' }) {
  return (
    <span
      className={`inline-flex items-center gap-1.5 whitespace-nowrap ${size === 'sm' ? 'text-sm' : ''} ${isLive ? 'font-medium text-accent' : 'text-faint'}`}
    >
      <svg
        aria-hidden="true"
        width="12"
        height="12"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      >
        {isLive ? (
          <>
            <circle cx="8" cy="8" r="2" fill="currentColor" stroke="none" />
            <path d="M4.5 11.5a5 5 0 0 1 0-7M11.5 4.5a5 5 0 0 1 0 7M2 14a8.5 8.5 0 0 1 0-12M14 2a8.5 8.5 0 0 1 0 12" />
          </>
        ) : (
          <circle cx="8" cy="8" r="2" />
        )}
      </svg>
      {isLive ? 'on air' : 'off air'}
    </span>
  )
}
