type Props = { title: string; lead?: React.ReactNode; id?: string; children: React.ReactNode; isWide?: boolean }

/** A part of a public page under a hairline: what it says at the left, the proof at the right. */
export function Part({ title, lead, id, children, isWide = false }: Props) {
  return (
    <section aria-label={title} id={id} className="scroll-mt-14 border-t border-line">
      <div
        className={`mx-auto grid w-full max-w-[1180px] gap-x-14 gap-y-8 px-5 py-14 sm:px-8 lg:py-20 ${isWide ? '' : 'lg:grid-cols-[minmax(0,4fr)_minmax(0,7fr)]'}`}
      >
        <div className={`flex flex-col gap-3 ${isWide ? 'max-w-[640px]' : ''}`}>
          <h2 className="text-xl font-semibold tracking-tight">{title}</h2>
          {lead ? <div className="flex flex-col gap-2 text-md text-soft">{lead}</div> : null}
        </div>
        <div className="min-w-0">{children}</div>
      </div>
    </section>
  )
}

/** Where a figure comes from, in one line. */
export const Source = ({ part, children }: { part: string; children: React.ReactNode }) => (
  <p className="text-sm text-faint">
    {children}{' '}
    <a href={`/measured#${part}`} className="underline underline-offset-2 hover:text-ink">
      How it was measured
    </a>
  </p>
)

/** A measured value, large, its unit quieter, with what it is. */
export function BigFigure({ value, children }: { value: string; children: React.ReactNode }) {
  const [, figure = value, unit = ''] = /^(.*\d)\s(\D+)$/.exec(value) ?? []
  return (
    <div className="flex flex-col gap-1">
      <p className="figures text-2xl font-semibold tracking-tight whitespace-nowrap">
        {figure}
        {unit === '' ? null : <span className="ml-1.5 text-lg font-normal text-faint">{unit}</span>}
      </p>
      <p className="text-soft">{children}</p>
    </div>
  )
}
