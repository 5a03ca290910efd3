import { SCENARIOS } from './measured'
import { Source } from './part'

/** Floods that were fired at players in play, and what came of each. */
export function ScenarioTable() {
  return (
    <div className="flex flex-col gap-4">
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">Floods fired in the lab, each while players played</caption>
        <thead>
          <tr className="border-b border-line text-sm text-faint">
            <th scope="col" className="h-9 pr-4 font-medium">
              Flood
            </th>
            <th scope="col" className="hidden pr-4 text-right font-medium sm:table-cell">
              Rule in the kernel
            </th>
            <th scope="col" className="pr-4 text-right font-medium">
              Held
            </th>
            <th scope="col" className="text-right font-medium">
              Players’ packets lost
            </th>
          </tr>
        </thead>
        <tbody className="text-md">
          {SCENARIOS.map(({ name, what, ruleMs, held, lost }) => (
            <tr key={name} className="border-b border-line align-baseline">
              <th scope="row" className="py-3 pr-4 font-normal">
                {name}
                <span className="block text-base text-faint">{what}</span>
              </th>
              <td className="figures hidden pr-4 text-right whitespace-nowrap sm:table-cell">
                {ruleMs === null ? (
                  <span className="text-faint">not stated</span>
                ) : (
                  <>
                    <span className="font-semibold">{ruleMs.median}</span>{' '}
                    <span className="text-faint">ms, worst {ruleMs.worst}</span>
                  </>
                )}
              </td>
              <td className="figures pr-4 text-right sm:whitespace-nowrap">{held}</td>
              <td className="figures text-right sm:whitespace-nowrap">{lost}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Source part="scenarios">Held: dropped, or limited to what new sources may send, since the rule stood.</Source>
    </div>
  )
}
