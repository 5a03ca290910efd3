import { ChevronRight } from 'lucide-react'
import { packetCount } from '@/app/_lib/figures'
import type { IncidentReport } from '@/wire/incident'
import { Bytes } from './figure'

type Rule = Pick<IncidentReport['rules'][number], 'words' | 'action' | 'packets' | 'bytes' | 'nft'>

/** What became of the packets that a rule hit. */
const DONE: Record<Rule['action'], string> = {
  drop: 'dropped',
  limit: 'limited',
  count: 'would have been dropped',
}

/** A rule in words with its hits; unfolds to what stands in the kernel, and to `children` under it. */
export function RuleLine({ rule, when, children }: { rule: Rule; when: React.ReactNode; children?: React.ReactNode }) {
  return (
    <li className="bg-surface">
      <details className="group">
        <summary className="eased grid list-none grid-cols-[auto_1fr_auto] items-start gap-x-2 px-3 py-2.5 hover:bg-hover">
          <ChevronRight
            aria-hidden="true"
            size={14}
            className="eased mt-[3px] text-faint group-open:rotate-90"
            data-noprint
          />
          <span className="flex min-w-0 flex-col gap-0.5">
            <span>{rule.words}</span>
            <span className="text-sm text-faint">{when}</span>
          </span>
          <span className="flex flex-col items-end gap-0.5">
            <span className="figures font-semibold whitespace-nowrap">{packetCount(rule.packets)}</span>
            <span className="figures text-sm text-faint">
              {DONE[rule.action]}, <Bytes bytes={rule.bytes} />
            </span>
          </span>
        </summary>
        <pre className="overflow-x-auto border-t border-line bg-sunken px-3 py-2.5 font-mono text-sm whitespace-pre-wrap">
          {rule.nft}
        </pre>
        {children}
      </details>
    </li>
  )
}
