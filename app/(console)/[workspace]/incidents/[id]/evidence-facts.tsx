import { Download } from 'lucide-react'
import { wholeNumber } from '@/app/_lib/figures'
import { buttonStyle } from '@/app/_ui/button'
import { Bytes } from '@/app/_ui/figure'
import type { EvidenceView } from '@/server/trpc/incident-proof'

const STATES: Record<EvidenceView['state'], { word: string; says: string }> = {
  recording: { word: 'Recording', says: 'The node records the attack. The bundle is closed when it is over.' },
  on_node: { word: 'On the node', says: 'Sealed and signed on the node. It uploads when the link is free.' },
  uploaded: { word: 'Uploaded', says: 'The platform holds the same bytes the node signed.' },
}

/** Where the evidence is, what is in it, and how to have it. */
export function Evidence({ evidence, href }: { evidence: EvidenceView | null; href: string | null }) {
  if (!evidence) {
    return (
      <p className="py-2 text-soft">
        No packets have been secured yet. The node keeps those from before the first attack packet as well.
      </p>
    )
  }
  const { word, says } = STATES[evidence.state]
  return (
    <div className="flex flex-col gap-3">
      <p>
        <span className="font-medium">{word}.</span> <span className="text-soft">{says}</span>
      </p>
      <dl className="flex flex-col">
        <Fact name="Packets">{wholeNumber(evidence.packets)}</Fact>
        <Fact name="Of these from before the onset">{wholeNumber(evidence.packetsBeforeOnset)}</Fact>
        <Fact name="Size">
          <Bytes bytes={evidence.bytes} />
        </Fact>
        {evidence.files.map((file) => (
          <Fact key={file.name} name={<span className="font-mono text-sm">{file.name}</span>}>
            {wholeNumber(file.packets)} packets{samplingWords(file)}
          </Fact>
        ))}
      </dl>
      {evidence.bundleSha256 ? (
        <div className="flex flex-col gap-1">
          <span className="text-sm text-faint">SHA-256 of the bundle</span>
          <code className="font-mono text-sm break-all text-soft">{evidence.bundleSha256}</code>
        </div>
      ) : null}
      {href && evidence.state === 'uploaded' ? (
        <div className="flex items-center gap-3" data-noprint>
          <a href={href} download className={buttonStyle()}>
            <Download aria-hidden="true" size={14} /> Download bundle
          </a>
          <span className="text-sm text-faint">Each download is written to the audit log.</span>
        </div>
      ) : null}
    </div>
  )
}

function samplingWords({ samplingRate, kernelDrops }: EvidenceView['files'][number]): string {
  const rate =
    samplingRate === null
      ? ', sampled at a varying rate'
      : samplingRate === 1
        ? ''
        : `, 1 in ${wholeNumber(samplingRate)}`
  const drops = kernelDrops === null || kernelDrops === 0 ? '' : `, ${wholeNumber(kernelDrops)} not recorded`
  return rate + drops
}

function Fact({ name, children }: { name: React.ReactNode; children: React.ReactNode }) {
  return (
    <div className="flex justify-between gap-4 border-b border-line py-2 last:border-0">
      <dt className="text-soft">{name}</dt>
      <dd className="figures text-right">{children}</dd>
    </div>
  )
}
