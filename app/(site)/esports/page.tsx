import type { Metadata } from 'next'
import { Closing } from '../_site/closing'
import { FactList } from '../_site/fact-list'
import { siteMetadata } from '../_site/metadata'
import { Begin, PageTop } from '../_site/page-top'
import { Part } from '../_site/part'
import { ScenarioTable } from '../_site/scenario-table'
import { SurgeFigures } from '../_site/surge-figures'

export const metadata: Metadata = siteMetadata(
  '/esports',
  'DDoS protection for match servers',
  'For tournament operations: floods at UDP game ports dropped on the match server while players stay connected, one view per match, evidence for rulings, a board for the broadcast.',
)

const EVENING = [
  [
    'Groups as your event has them',
    'Events hold stages, stages hold matches. A node belongs to a match, a region and a role at once; policies, boards and grants are given per group.',
  ],
  [
    'The calendar knows when it counts',
    'Matches come from an ICS address or by hand. While one is live, more traffic is expected there, and nothing about billing or upkeep touches its servers.',
  ],
  [
    'One sentence first',
    'An incident opens with what a person would say: what it is, which match, since when it is dropped, how the players are. Reasons, rules and times follow.',
  ],
  [
    'A rule you can read',
    'Each rule stands there in words and as nft, with its hits. You can see why it fired and what it took.',
  ],
] as const

const OTHERS = [
  [
    'The referee',
    'An official reads incidents and evidence of the matches you grant, and nothing else. The capture begins before the attack and is hashed as it is written, signed by the server’s key, and checked offline by one command.',
  ],
  [
    'The broadcast',
    'A board with one tile a match: clean, under mitigation or impaired, in colour, shape and words, without addresses. As a page for the gallery or an overlay for OBS, by account or by a link that ends.',
  ],
  [
    'The team',
    'A team manager sees incidents of granted matches, without downloads. Viewers see the public status page, which says so by itself when a match is hit and when it is over.',
  ],
] as const

export default function EsportsPage() {
  return (
    <>
      <PageTop
        title="The final goes on while it is under attack"
        lead={
          <p>
            Game traffic looks like a flood to tools that were made for web servers: UDP, small packets, everybody at
            once. So the agent learns each match server by itself, and knows its players before anything happens.
          </p>
        }
      >
        <Begin />
      </PageTop>
      <Part
        title="Fired at servers with players on them"
        lead={
          <p>
            Reflection, spoofed floods, random content, IPv6, pulses that stop before a human has looked: each was fired
            in a lab while players played, and their packets were counted at the other end.
          </p>
        }
      >
        <ScenarioTable />
      </Part>
      <Part
        title="A full lobby is not an attack"
        lead={
          <p>
            Doors open, and traffic multiplies within seconds. Whether that is an audience is told by who comes and how,
            not by how much.
          </p>
        }
      >
        <SurgeFigures />
      </Part>
      <Part title="Made for the evening itself" lead={<p>Nobody tunes thresholds by hand, least of all at 21:42.</p>}>
        <FactList facts={EVENING} />
      </Part>
      <Part title="And for everybody around it">
        <FactList facts={OTHERS} />
      </Part>
      <Closing />
    </>
  )
}
