import { PRICES } from '@/server/core/prices'
import type { Brand } from '@/server/tenancy/brand'
import { INSTALL, OUTAGES, PEER, SURGE, WORST_RUN } from './measured'
import { NOT_YET } from './not-yet'

type Section = { title: string; items: [question: string, answer: React.ReactNode][] }

const Read = ({ href, children }: { href: string; children: React.ReactNode }) => (
  <a href={href} className="text-accent underline underline-offset-2">
    {children}
  </a>
)

/** What sceptics ask, and what people complain about elsewhere. */
export const QUESTIONS = ({ agentCommand }: Brand): Section[] => [
  {
    title: 'What it drops',
    items: [
      [
        'Does it drop whole protocols?',
        'No. It looks for the narrowest thing the flood has in common: a reflection port, a size, a fingerprint. Where that is doubtful it limits new sources to a rate and lets everybody known through.',
      ],
      [
        'Will it kick players?',
        <>
          In the worst of twenty floods {WORST_RUN.lost} packets of players were lost in the lab. Every incident shows
          the same count for your players: packets in, packets past the cut.{' '}
          <Read href="/measured#scenarios">Measured so</Read>.
        </>,
      ],
      [
        'What if traffic jumps because an event begins?',
        <>
          Then it is a surge: noted, with reasons, and nobody is limited. With {SURGE.growth} there were{' '}
          {SURGE.incidents}. The event calendar also tells the servers to expect an audience.
        </>,
      ],
      [
        'Can I look before it acts?',
        'Yes. What is certain and what is doubtful can each be observed, limited or dropped. Observed means that it is named, counted and reported, and nothing is held.',
      ],
    ],
  },
  {
    title: 'When things break',
    items: [
      [
        'What if your platform is down?',
        <>
          The agent decides and acts alone. With the platform away it detected after {OUTAGES.gatewayAway.detected}, and
          what it saw waits on its disk and is reported later, once and in order.{' '}
          <Read href="/measured#outages">Measured so</Read>.
        </>,
      ],
      [
        'What if the agent crashes?',
        <>
          Its rules end by timeouts in the kernel. Killed in the middle of a flood, its drops were over{' '}
          {OUTAGES.agentKilled} later. systemd starts it again; nothing blocks your server meanwhile.
        </>,
      ],
      [
        'Does it touch my firewall?',
        'It works in tables of its own and leaves yours as they are, ufw hosts included. Uninstalling takes its tables away.',
      ],
      [
        'What about floods larger than my uplink?',
        'No rule on a server helps against a link that is full before it. You need your provider for that, and the guide says what to agree with them while it is quiet.',
      ],
    ],
  },
  {
    title: 'Setting it up',
    items: [
      [
        'How long does it take?',
        <>
          One line as root on each server; nothing is compiled there. The whole platform on a bare Debian, from clone to
          a finished demonstration flood, took {INSTALL.bareDebian}.
        </>,
      ],
      [
        'Where does it run?',
        <>
          Linux on x86-64 and arm64 with nftables. <code className="font-mono text-base">{agentCommand} doctor</code>{' '}
          says what a server lets it do, and what to change.
        </>,
      ],
      ['Do I have to open ports?', 'No inbound ones. The agent opens one connection to the platform, over HTTPS.'],
      [
        'Can the platform run commands on my servers?',
        'No. It sends policy: what to do with an attack that is certain, and with one that is doubtful. There is no message that carries a command.',
      ],
      [
        'Can I run the platform myself?',
        'Yes: one command on one machine. There everything is on, and there is no trial and no bill.',
      ],
    ],
  },
  {
    title: 'Evidence and data',
    items: [
      [
        'Is the evidence court-grade?',
        'That is for a court to say. You get a capture with packets from before the attack, time stamps with their stated source, hashed as it is written and signed by the server’s key, a log of who had it, and a command that checks all of it offline.',
      ],
      [
        'Do you keep what players say?',
        'Captures hold headers and a short beginning of each payload. They stay on the server until an attack is over, and only those of an incident leave it.',
      ],
      [
        'Who sees our workspace?',
        'Its members. Walls between workspaces stand in the database itself, and a generated test calls everything as everybody against a table written by hand.',
      ],
    ],
  },
  {
    title: 'Paying',
    items: [
      [
        'What counts as a node?',
        'A server from its enrolment until you archive it. Attacks, bandwidth, seats and status pages count nothing.',
      ],
      [
        `What happens after ${PRICES.trialDays} days?`,
        'First a banner, later no new nodes, then detection without drops, then a pause. Each step is announced, and none is taken during an open incident or a live event.',
      ],
      [
        'How do you compare?',
        <>
          On the same floods as {PEER.name}, on one machine: its ban script started after {PEER.script} in the median;
          ours had detected after {PEER.ours} ms, at worst {PEER.oursWorst}.{' '}
          <Read href="/measured#peer">Measured so</Read>.
        </>,
      ],
    ],
  },
  { title: 'Not there yet', items: NOT_YET.map(({ title, text }) => [title, text]) },
]
