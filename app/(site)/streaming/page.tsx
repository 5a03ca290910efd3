import type { Metadata } from 'next'
import { Closing } from '../_site/closing'
import { FactList } from '../_site/fact-list'
import { COST } from '../_site/measured'
import { siteMetadata } from '../_site/metadata'
import { Begin, PageTop } from '../_site/page-top'
import { BigFigure, Part, Source } from '../_site/part'
import { StageTable } from '../_site/stage-table'
import { SurgeFigures } from '../_site/surge-figures'

export const metadata: Metadata = siteMetadata(
  '/streaming',
  'DDoS protection for live-streaming pipelines',
  'For streaming operations: ingest, transcoder, origin and edge each protected on the server itself, with surges told from floods and every stage of a response timed.',
)

const PIPELINE = [
  [
    'Ingest',
    'One address that encoders know, and so does the attacker. Contributors seen in peace are let through while new sources are limited.',
  ],
  [
    'Transcoder and origin',
    'Rarely meant for the public, often reachable all the same. Little is usual there, so little is needed to stand out.',
  ],
  ['Edge', 'Viewers arrive in waves. A wave is noted as a surge with its reasons, and nobody is limited for it.'],
] as const

const NOC = [
  [
    'Wire, dropped, delivered',
    'Three rates, counted apart and labelled. Mitigated is said only when what is delivered is back in its band, never because a rule was installed.',
  ],
  [
    'Every second, then every minute',
    'Seconds are kept for two days, minutes for ninety, hours for two years. Seconds around an incident stay as long as the incident.',
  ],
  [
    'Alerts with a receipt',
    'Each alert shows when it was written, when it left, what the other side answered and how long that took from the first packet.',
  ],
  [
    'A status page that publishes itself',
    'Plain HTML without script or cookie. It says which part is affected, and since when, without an address or a rate.',
  ],
] as const

export default function StreamingPage() {
  return (
    <>
      <PageTop
        title="Ingest, transcoder, origin, edge: each defends itself"
        lead={
          <p>
            A stream is as live as its weakest server. The agent runs on each of them, knows what is usual there at this
            hour of the week, and drops what is not, without rerouting a single stream.
          </p>
        }
      >
        <Begin />
      </PageTop>
      <Part
        title="Where it sits"
        lead={<p>Group servers by their place in the pipeline and give each place its policy.</p>}
      >
        <FactList facts={PIPELINE} />
      </Part>
      <Part
        title="Premiere or flood"
        lead={
          <p>
            The worst moment to be wrong is the moment everybody tunes in. New sources, their spread, their handshakes
            and the shape of the rise decide, and the reasons stand on the page.
          </p>
        }
      >
        <SurgeFigures />
      </Part>
      <Part
        isWide
        title="From first packet to status page"
        lead={
          <p>One uplink full of attack is the normal case: the node’s stages come first and need nothing from us.</p>
        }
      >
        <StageTable isWide />
      </Part>
      <Part
        title="What it costs the server"
        lead={
          <p>An agent that eats the machine it guards helps nobody. So there are limits, and figures against them.</p>
        }
      >
        <div className="flex flex-col gap-8">
          <div className="grid gap-x-10 gap-y-6 border-y border-line py-6 sm:grid-cols-3">
            <BigFigure value={COST.idleCpu}>of one core without traffic. Promised: {COST.idleCpuPromised}</BigFigure>
            <BigFigure value={COST.playersCpu}>
              of one core with {COST.players} of players. Promised: {COST.playersCpuPromised}
            </BigFigure>
            <BigFigure value={COST.memory}>
              resident at most, over ten floods. Promised: {COST.memoryPromised}
            </BigFigure>
          </div>
          <Source part="cost">Agent with all its children, counted by the kernel, {COST.date}.</Source>
        </div>
      </Part>
      <Part title="For the people on shift">
        <FactList facts={NOC} />
      </Part>
      <Closing />
    </>
  )
}
