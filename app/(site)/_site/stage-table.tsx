import { STAGE_SET, STAGES } from './measured'
import { Source } from './part'

const END_MS = Math.max(...STAGES.map(({ promisedMs }) => promisedMs)) * 1.04
const at = (ms: number): string => `${((ms / END_MS) * 100).toFixed(2)}%`

/** Each stage of the same floods: median, worst, and what is promised, to one scale. */
export function StageTable({ isWide = false }: { isWide?: boolean }) {
  return (
    <div className="flex flex-col gap-4">
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">Milliseconds from the first attack packet, {STAGE_SET.floods}</caption>
        <thead>
          <tr className="border-b border-line text-sm text-faint">
            <th scope="col" className="h-9 pr-4 font-medium">
              Stage
            </th>
            <th scope="col" className={`hidden pr-8 font-medium sm:table-cell ${isWide ? 'w-[52%]' : 'w-[30%]'}`}>
              <span className="sr-only">To scale</span>
            </th>
            <th scope="col" className="pr-4 text-right font-medium">
              Median
            </th>
            <th scope="col" className="pr-4 text-right font-medium">
              Worst
            </th>
            <th scope="col" className="text-right font-medium">
              Promised
            </th>
          </tr>
        </thead>
        <tbody className="text-md">
          {STAGES.map(({ key, label, by, medianMs, worstMs, promisedMs }) => (
            <tr key={key} className="border-b border-line">
              <th scope="row" className="py-3 pr-4 font-normal">
                {label}
              </th>
              <td aria-hidden="true" className="hidden pr-8 sm:table-cell">
                <Range medianMs={medianMs} worstMs={worstMs} promisedMs={promisedMs} isOnNode={by === 'node'} />
              </td>
              <td className="figures pr-4 text-right font-semibold">{medianMs.toFixed(1)}</td>
              <td className="figures pr-4 text-right">{worstMs.toFixed(1)}</td>
              <td className="figures text-right text-faint">{promisedMs}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul aria-hidden="true" className="hidden flex-wrap gap-x-6 gap-y-1 text-sm text-faint sm:flex">
        <li className="flex items-center gap-2">
          <span className="size-[9px] rounded-full bg-accent" /> median, on the node
        </li>
        <li className="flex items-center gap-2">
          <span className="size-[8px] rotate-45 bg-soft" /> median, on the platform
        </li>
        <li className="flex items-center gap-2">
          <span className="h-[2px] w-5 bg-line-strong" /> to the worst of twenty
        </li>
        <li className="flex items-center gap-2">
          <span className="h-3 w-px bg-ink" /> promised for 99 of 100
        </li>
      </ul>
      <Source part="stages">Milliseconds from the first attack packet on the wire.</Source>
    </div>
  )
}

type RangeProps = { medianMs: number; worstMs: number; promisedMs: number; isOnNode: boolean }

function Range({ medianMs, worstMs, promisedMs, isOnNode }: RangeProps) {
  return (
    <div className="relative h-4">
      <span className="absolute top-1/2 h-px w-full bg-line" />
      <span className="absolute top-[7px] h-[2px] bg-line-strong" style={{ width: at(worstMs) }} />
      <span className="absolute top-[2px] h-3 w-px bg-ink" style={{ left: at(promisedMs) }} />
      <span
        className={`absolute top-1/2 -translate-x-1/2 -translate-y-1/2 ${isOnNode ? 'size-[9px] rounded-full bg-accent' : 'size-[8px] rotate-45 bg-soft'}`}
        style={{ left: at(medianMs) }}
      />
    </div>
  )
}
