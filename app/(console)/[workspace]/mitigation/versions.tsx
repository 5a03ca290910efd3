import { Button } from '@/app/_ui/button'
import { Section } from '@/app/_ui/section'
import { Time } from '@/app/_ui/time'
import type { PolicyVersionView, Settings } from '@/server/trpc/policy-view'

type Props = { versions: PolicyVersionView[]; onRestore: ((settings: Settings) => void) | null }

const SHOWN_MAX = 6

/** Every version ever saved; an older one is brought back by looking at it and saving it. */
export function Versions({ versions, onRestore }: Props) {
  return (
    <Section title="Versions">
      {versions.length === 0 ? <p className="text-soft">Nothing was ever saved here.</p> : null}
      <ol className="flex flex-col">
        {versions.slice(0, SHOWN_MAX).map((version, at) => (
          <VersionLine key={version.version} version={version} onRestore={at === 0 ? null : onRestore} />
        ))}
      </ol>
      {versions.length > SHOWN_MAX ? (
        <details>
          <summary className="eased w-fit text-soft hover:text-ink">{versions.length - SHOWN_MAX} older</summary>
          <ol className="flex flex-col">
            {versions.slice(SHOWN_MAX).map((version) => (
              <VersionLine key={version.version} version={version} onRestore={onRestore} />
            ))}
          </ol>
        </details>
      ) : null}
    </Section>
  )
}

function VersionLine({ version: one, onRestore }: { version: PolicyVersionView; onRestore: Props['onRestore'] }) {
  const { settings } = one
  return (
    <li className="flex flex-col gap-1 border-b border-line py-2.5 last:border-0">
      <div className="flex items-baseline justify-between gap-4">
        <span>
          <span className="font-medium">Version {one.version}</span>{' '}
          <span className="text-soft">
            by {one.savedBy}, <Time atMs={one.savedMs} form="auto" />
          </span>
        </span>
        {onRestore && settings ? (
          <Button kind="quiet" className="-my-1.5" onClick={() => onRestore(settings)}>
            Restore<span className="sr-only"> version {one.version}</span>
          </Button>
        ) : null}
      </div>
      {settings === null ? <p className="text-soft">Taken away: what holds above it held from here on.</p> : null}
      <ul className="flex flex-col text-sm text-soft">
        {one.changes.map(({ what, before, after }) => (
          <li key={what} className="[overflow-wrap:anywhere]">
            {what}: {before} → {after}
          </li>
        ))}
        {settings !== null && one.changes.length === 0 ? <li>as what is built in</li> : null}
      </ul>
    </li>
  )
}
