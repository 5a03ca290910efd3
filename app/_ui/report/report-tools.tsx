'use client'
import { Download, Printer } from 'lucide-react'
import Link from 'next/link'
import { useSyncExternalStore } from 'react'
import { EDITION_CHOICES, type Edition, type ReportQuery, writeReportQuery } from '@/app/_lib/report-query'
import { Button, buttonStyle } from '@/app/_ui/button'

type Props = {
  /** Address of the report without what is asked for. */
  path: string
  query: ReportQuery
  editions: Edition[]
}

/** For whom, in which zone, and the ways to take it along. */
export function ReportTools({ path, query, editions }: Props) {
  const own = useReaderZone()
  const at = (part: Partial<ReportQuery>) => `${path}?${writeReportQuery({ ...query, ...part })}`
  const zones = [...new Set([own, 'UTC', query.zone])].filter((zone) => zone !== '')
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 border-y border-line py-3" data-noprint>
      <nav aria-label="Edition of the report" className="flex min-w-0 gap-1 overflow-x-auto">
        {editions.map((edition) => (
          <Link
            key={edition}
            href={at({ edition })}
            aria-current={edition === query.edition ? 'page' : undefined}
            title={EDITION_CHOICES[edition].says}
            className="eased inline-flex h-8 items-center rounded-md px-3 whitespace-nowrap text-soft hover:bg-hover hover:text-ink aria-[current]:bg-hover aria-[current]:font-medium aria-[current]:text-ink"
          >
            {EDITION_CHOICES[edition].name}
          </Link>
        ))}
      </nav>
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-sm text-faint">Times in</span>
        {zones.map((zone) => (
          <Link
            key={zone}
            href={at({ zone })}
            aria-current={zone === query.zone ? 'true' : undefined}
            className="text-sm underline-offset-2 hover:underline aria-[current]:font-medium"
          >
            {zone}
          </Link>
        ))}
        <Button onClick={() => window.print()}>
          <Printer aria-hidden="true" size={14} /> Print
        </Button>
        <a
          href={`${path.replace(/\/reports$/, '/reports/report')}.pdf?${writeReportQuery(query)}`}
          download
          className={buttonStyle('primary')}
        >
          <Download aria-hidden="true" size={14} /> PDF
        </a>
      </div>
    </div>
  )
}

const never = () => () => {}

/** Empty on the server, which cannot know it. */
function useReaderZone(): string {
  return useSyncExternalStore(
    never,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => '',
  )
}
