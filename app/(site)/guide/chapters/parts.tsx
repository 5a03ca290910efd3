/** What a chapter is told: names that a brand replaces. */
export type ChapterProps = { product: string; command: string }

export const Say = ({ children }: { children: React.ReactNode }) => <p className="text-soft">{children}</p>

/** Lines to type, as they are typed. */
export const Code = ({ children }: { children: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
  <pre tabIndex={0} className="overflow-x-auto rounded-md border border-line bg-sunken p-4 font-mono text-base">
    {children}
  </pre>
)

/** A name in running text. */
export const Name = ({ children }: { children: React.ReactNode }) => (
  <code className="font-mono text-base [overflow-wrap:anywhere] text-ink">{children}</code>
)

export const List = ({ items }: { items: React.ReactNode[] }) => (
  <ul className="flex list-disc flex-col gap-1.5 pl-5 text-soft marker:text-faint">
    {items.map((item, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list in fixed order
      <li key={index}>{item}</li>
    ))}
  </ul>
)

type Rows = { head: readonly string[]; rows: readonly (readonly React.ReactNode[])[] }

export function Rows({ head, rows }: Rows) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse text-left text-base">
        <thead>
          <tr className="border-b border-line text-sm text-faint">
            {head.map((name) => (
              <th key={name} scope="col" className="h-8 pr-6 font-medium last:pr-0">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a fixed table in fixed order
            <tr key={index} className="border-b border-line align-baseline text-soft">
              {cells.map((cell, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the column is the key
                <td key={at} className={`py-2.5 pr-6 last:pr-0 ${at === 0 ? 'font-medium text-ink' : ''}`}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
