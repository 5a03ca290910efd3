import { percent, wholeNumber } from '@/app/_lib/figures'
import { countryName, shareOfPackets, sourceCaveats } from '@/app/_lib/sources'
import type { IncidentDetail } from '@/server/trpc/incident-view'

type Sources = NonNullable<IncidentDetail['sources']>
type Totals = NonNullable<Sources['totals']>
type Count = Sources['counts'][number]

/** Where the recorded packets say they came from: by country, network and prefix, largest first. */
export function SourceMap({ sources, hasEvidence }: { sources: Sources | null; hasEvidence: boolean }) {
  if (!sources) {
    return (
      <p className="max-w-xl py-2 text-soft">
        {hasEvidence
          ? 'The sources are read from the evidence bundle once it is uploaded. The node sends it when the attack is over and its link is free.'
          : 'The sources are read from the evidence bundle. None has been secured for this incident yet.'}
      </p>
    )
  }
  if (sources.state === 'unreadable')
    return <p className="max-w-xl py-2 text-soft">The sources could not be read. {sources.problem}</p>
  if (sources.state === 'waiting' || !sources.totals)
    return <p className="py-2 text-soft">The bundle is here and is being read. This takes a few seconds.</p>
  const { totals, counts } = sources
  if (totals.packets === 0)
    return (
      <p className="max-w-xl py-2 text-soft">
        The bundle holds no packet of the attack from an address that was unknown before it, so there is nothing to map.
      </p>
    )
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-3">
        <Ranking
          title="Countries"
          of={totals.countries}
          mapped={totals.countryPackets}
          counts={counts.filter(({ kind }) => kind === 'country')}
          totals={totals}
        />
        <Ranking
          title="Networks"
          of={totals.networks}
          mapped={totals.networkPackets}
          counts={counts.filter(({ kind }) => kind === 'network')}
          totals={totals}
        />
        <Ranking
          title="Prefixes"
          of={totals.prefixes}
          mapped={totals.packets}
          counts={counts.filter(({ kind }) => kind === 'prefix')}
          totals={totals}
        />
      </div>
      <Caveats totals={totals} />
    </div>
  )
}

type RankingProps = { title: string; of: number; mapped: number; counts: Count[]; totals: Totals }

function Ranking({ title, of, mapped, counts, totals }: RankingProps) {
  const shown = counts.reduce((sum, { packets }) => sum + packets, 0)
  const rest = [
    { name: `${wholeNumber(of - counts.length)} others`, packets: mapped - shown, isThere: of > counts.length },
    { name: 'In no table', packets: totals.packets - mapped, isThere: mapped < totals.packets },
  ].filter(({ isThere }) => isThere)
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-2">
      <h3 className="flex items-baseline justify-between gap-3 font-medium">
        {title} <span className="figures text-sm font-normal text-faint">{wholeNumber(of)}</span>
      </h3>
      <ol className="flex flex-col gap-1.5">
        {counts.map((count) => (
          <Line key={count.key} count={count} totals={totals} />
        ))}
        {rest.map(({ name, packets }) => (
          <li key={name} className="flex justify-between gap-3 text-sm text-faint">
            <span>{name}</span>
            <span className="figures">{shareOfPackets(packets, totals)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Line({ count, totals }: { count: Count; totals: Totals }) {
  const { kind, key, name, packets, addresses } = count
  return (
    <li className="flex flex-col gap-1">
      <div className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 [overflow-wrap:anywhere]">
          {kind === 'country' ? countryName(key) : null}
          {kind === 'network' ? (
            <>
              {name ?? 'Unnamed network'} <span className="font-mono text-sm text-faint">AS{key}</span>
            </>
          ) : null}
          {kind === 'prefix' ? <span className="font-mono text-sm">{key}</span> : null}
        </span>
        <span className="figures whitespace-nowrap">
          {shareOfPackets(packets, totals)}
          <span className="ml-2 hidden text-sm text-faint sm:inline">
            {addresses === 1 ? '1 address' : `${wholeNumber(addresses)} addresses`}
          </span>
        </span>
      </div>
      <div aria-hidden="true" className="h-1 rounded-sm bg-hover print:border print:border-line">
        <div
          className="h-full min-w-[2px] rounded-sm bg-wire"
          style={{ width: `${((packets / totals.packets) * 100).toFixed(2)}%` }}
        />
      </div>
    </li>
  )
}

/** What these shares are of, and what they cannot say. */
function Caveats({ totals }: { totals: Totals }) {
  return (
    <div className="flex max-w-3xl flex-col gap-1 text-sm text-faint">
      {sourceCaveats(totals).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p>
        {percent(totals.countryPackets / totals.packets)} could be mapped to a country,{' '}
        {percent(totals.networkPackets / totals.packets)} to a network.{' '}
        <a href="https://db-ip.com/" rel="noreferrer" target="_blank" className="underline underline-offset-2">
          IP geolocation by DB-IP
        </a>
        , routes by RouteViews, registrations by the NRO{totals.tables.network ? ` (${totals.tables.network})` : ''}.
      </p>
    </div>
  )
}
