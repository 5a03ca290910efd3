import type { Block, ReportDocument } from '@/reports/document'
import { ReportChart } from './report-chart'

/** A report as a page: the same blocks as its PDF, in the same order. Reads in one ink. */
export function ReportView({ document }: { document: ReportDocument }) {
  return (
    <article aria-label={document.kicker} className="flex w-full max-w-[820px] flex-col gap-3">
      <header className="flex flex-col gap-1">
        <p className="text-sm text-faint">{document.kicker}</p>
        <h1 className="text-xl font-semibold [overflow-wrap:anywhere]">{document.title}</h1>
        <p className="text-sm text-faint">{document.origin}</p>
      </header>
      {document.blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a report never changes its order
        <ReportBlock key={index} block={block} />
      ))}
    </article>
  )
}

const TONES = { lead: 'text-md', plain: '', quiet: 'text-sm text-faint' }

function ReportBlock({ block }: { block: Block }) {
  if (block.kind === 'heading') {
    return block.level === 2 ? (
      <h2 className="mt-4 text-lg font-semibold [break-after:avoid] [overflow-wrap:anywhere]">{block.text}</h2>
    ) : (
      <h3 className="mt-2 text-md font-semibold [break-after:avoid] [overflow-wrap:anywhere]">{block.text}</h3>
    )
  }
  if (block.kind === 'text')
    return (
      <p dir="auto" className={`max-w-[72ch] whitespace-pre-wrap [overflow-wrap:anywhere] ${TONES[block.tone]}`}>
        {block.text}
      </p>
    )
  if (block.kind === 'facts') return <Facts rows={block.rows} />
  if (block.kind === 'table') return <ReportTable block={block} />
  if (block.kind === 'bars') return <Bars block={block} />
  return <ReportChart chart={block} />
}

function Facts({ rows }: Pick<Extract<Block, { kind: 'facts' }>, 'rows'>) {
  return (
    <dl className="flex flex-col">
      {rows.map(({ name, value, isCode }) => (
        <div
          key={name}
          className="grid gap-x-4 border-b border-line py-1.5 sm:grid-cols-[minmax(0,38fr)_minmax(0,62fr)] print:grid-cols-[minmax(0,38fr)_minmax(0,62fr)]"
        >
          <dt className="text-soft">{name}</dt>
          <dd className={`figures [overflow-wrap:anywhere] ${isCode ? 'font-mono text-sm' : ''}`}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function ReportTable({ block: { label, columns, rows } }: { block: Extract<Block, { kind: 'table' }> }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="overflow-x-auto print:overflow-visible">
      <table className="w-full min-w-[560px] table-fixed border-collapse text-left print:min-w-0">
        <thead>
          <tr className="border-b border-line-strong">
            {columns.map(({ name, width, isFigure }) => (
              <th
                key={name}
                scope="col"
                style={{ width: `${width * 100}%` }}
                className={`py-1.5 pr-3 text-sm font-medium text-faint last:pr-0 ${isFigure ? 'text-right' : ''}`}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a report have no other name
            <tr key={index} className="border-b border-line">
              {row.map((cell, column) => (
                <td
                  key={columns[column]?.name}
                  className={`py-1.5 pr-3 align-top [overflow-wrap:anywhere] last:pr-0 ${columns[column]?.isFigure ? 'figures text-right' : ''} ${columns[column]?.isCode ? 'font-mono text-sm' : ''}`}
                >
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Bars({ block: { label, rows } }: { block: Extract<Block, { kind: 'bars' }> }) {
  return (
    <ul aria-label={label} className="flex flex-col gap-1.5">
      {rows.map(({ name, share, value }) => (
        <li key={name} className="grid grid-cols-[minmax(0,45fr)_minmax(0,43fr)_minmax(0,12fr)] items-center gap-2">
          <span className="[overflow-wrap:anywhere]">{name}</span>
          <span aria-hidden="true" className="h-2 border border-line-strong">
            <span className="block h-full bg-ink" style={{ width: `${(Math.min(1, share) * 100).toFixed(2)}%` }} />
          </span>
          <span className="figures text-right">{value}</span>
        </li>
      ))}
    </ul>
  )
}
