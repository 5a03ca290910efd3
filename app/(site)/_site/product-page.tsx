import { STATE_WORDS } from '@/app/_lib/states'
import { RulerKey, StageRuler } from '@/app/_ui/stage-ruler'
import { StateMark } from '@/app/_ui/state-mark'
import { defaultBrand } from '@/server/tenancy/brand'
import { Closing } from './closing'
import { MACHINE, MEDIAN_STAGES, OUTAGES, PEER, STAGE_SET, WORST_RUN } from './measured'
import { NOT_YET } from './not-yet'
import { Begin, PageTop } from './page-top'
import { BigFigure, Part, Source } from './part'
import { RoleList } from './role-list'
import { ScenarioTable } from './scenario-table'
import { StageTable } from './stage-table'

/** What it is, in the order in which a sceptic asks. */
export function ProductPage() {
  return (
    <>
      <PageTop
        isHome
        title={defaultBrand().site.heading}
        lead={
          <p>
            A small agent on each Linux server learns what is usual there, sees a flood begin, names it and drops it in
            the kernel. Players and viewers who were there before stay connected. No proxy, no tunnel: your traffic
            keeps its path.
          </p>
        }
      >
        <Begin />
      </PageTop>
      <Measured />
      <How />
      <Part
        isWide
        title="Every stage has a time, and you see it"
        lead={
          <p>
            Each incident keeps when it was detected, dropped, stored, told and secured, from its first packet on. These
            are the stages over {STAGE_SET.floods}, each against what we promise.
          </p>
        }
      >
        <StageTable isWide />
      </Part>
      <Part
        title="Players do not pay for it"
        lead={
          <>
            <p>
              Whoever played in peace is known to the kernel and let through. New sources are limited only where the
              flood looks like them. A whole protocol is never dropped.
            </p>
            <p>Lost here counts packets of players in play while the flood ran.</p>
          </>
        }
      >
        <ScenarioTable />
      </Part>
      <Alone />
      <Glance />
      <Part
        title="Each sees what is theirs"
        lead={
          <p>
            A role holds in the workspace or in one group, an event or a match for example, and for as long as you say.
            Taken away, it ends on open pages within seconds. Seats cost nothing.
          </p>
        }
      >
        <RoleList />
      </Part>
      <Limits />
      <Closing />
    </>
  )
}

/** The median flood on the ruler that the incident page draws. */
function Measured() {
  return (
    <div className="mx-auto w-full max-w-[1180px] px-5 pb-16 sm:px-8 lg:pb-24">
      <figure className="flex flex-col rounded-lg border border-line bg-raised">
        <figcaption className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 border-b border-line px-5 py-3.5 sm:px-6">
          <span className="font-medium">
            From the first packet of a flood: the median of {STAGE_SET.floods}, {STAGE_SET.rate} each
          </span>
          <span className="text-sm text-faint">
            <RulerKey />
          </span>
        </figcaption>
        <div className="px-5 py-4 sm:px-6 lg:pt-7 lg:pb-4">
          <StageRuler stages={MEDIAN_STAGES} />
        </div>
        <div className="grid gap-x-10 gap-y-6 border-t border-line px-5 py-6 sm:grid-cols-3 sm:px-6">
          <BigFigure value={`${WORST_RUN.rule} ms`}>
            until the drop rule stood in the kernel, in the worst of the twenty
          </BigFigure>
          <BigFigure value={WORST_RUN.lost}>packets of players lost, in the worst run</BigFigure>
          <BigFigure value={PEER.script}>
            until {PEER.name}’s ban script started, beside us on other floods. We had detected them after {PEER.ours}{' '}
            ms, at worst {PEER.oursWorst}
          </BigFigure>
        </div>
        <div className="border-t border-line px-5 py-3 sm:px-6">
          <Source part="stages">
            {MACHINE.words}, {MACHINE.date}; {MACHINE.shares}.
          </Source>
        </div>
      </figure>
    </div>
  )
}

const STEPS = [
  [
    'It sees',
    'Rate limits in the kernel, armed from what is usual on this server at this hour, wake the agent the moment traffic crosses them. No sampling interval has to pass first.',
  ],
  [
    'It names',
    'How many sources are new, what sizes, which ports, who answers a handshake: composition decides, not volume. The incident shows each reason, and how sure it is.',
  ],
  [
    'It cuts',
    'The narrowest rule that works, before connection tracking, for IPv4 and IPv6 alike. In doubt it limits new sources and drops nothing else.',
  ],
  [
    'It lets go',
    'Every rule carries its own end in the kernel. When the flood is over it goes by itself; when the agent dies, it goes as well.',
  ],
] as const

function How() {
  return (
    <section aria-label="How it works" className="border-t border-line">
      <ol className="mx-auto grid w-full max-w-[1180px] gap-x-10 gap-y-8 px-5 py-14 sm:grid-cols-2 sm:px-8 lg:grid-cols-4 lg:py-16">
        {STEPS.map(([title, text], index) => (
          <li key={title} className="flex flex-col gap-2">
            <h2 className="flex items-baseline gap-2.5 text-lg font-semibold">
              <span aria-hidden="true" className="figures text-base font-normal text-faint">
                {index + 1}
              </span>
              {title}
            </h2>
            <p className="text-md text-soft">{text}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Alone() {
  const { gatewayAway, agentKilled, replay } = OUTAGES
  return (
    <Part
      isWide
      title="It does the first half alone"
      lead={
        <p>
          An uplink full of attack traffic is the normal case. So the agent decides on the server, and tells the
          platform afterwards. We stop parts of it in the middle of a flood and look at what happens.
        </p>
      }
    >
      <div className="flex flex-col gap-8">
        <div className="grid gap-x-10 gap-y-8 border-y border-line py-7 md:grid-cols-3">
          <BigFigure value={gatewayAway.rule}>
            to the rule in the kernel with the platform away. When it came back one alert went out, {gatewayAway.alert}{' '}
            after the incident arrived
          </BigFigure>
          <BigFigure value={agentKilled}>
            after the agent was killed in mid-flood its drops were over, with nobody to remove them. Nothing of ours
            stays in your firewall
          </BigFigure>
          <BigFigure value={replay.samples}>
            of a server that was cut off for a day, taken over from its disk in {replay.took}: {replay.faults}
          </BigFigure>
        </div>
        <Source part="outages">Each of these is a command that anybody can run.</Source>
      </div>
    </Part>
  )
}

const Outage = ({ when, children }: { when: string; children: React.ReactNode }) => (
  <div className="grid gap-x-8 gap-y-1 border-b border-line py-4 first:border-t sm:grid-cols-[minmax(0,4fr)_minmax(0,7fr)]">
    <dt className="text-md font-medium">{when}</dt>
    <dd className="text-md text-soft">{children}</dd>
  </div>
)

function Glance() {
  return (
    <Part
      title="One glance on the worst evening"
      lead={
        <p>
          Is it us, is it handled, are players affected. Seven states, each a colour, a shape and a word: on the fleet,
          on the board in the gallery, on a printed report. Red is for now, never for decoration.
        </p>
      }
    >
      <ul className="flex flex-col">
        {BY_URGENCY.map((state) => (
          <li
            key={state}
            className="grid items-center gap-x-8 gap-y-1 border-b border-line py-3.5 text-md first:border-t sm:grid-cols-[160px_minmax(0,1fr)]"
          >
            <StateMark state={state} word={STATE_WORDS[state]} size={18} />
            <span className="text-soft">{MEANING[state]}</span>
          </li>
        ))}
      </ul>
    </Part>
  )
}

const BY_URGENCY = ['clean', 'surge', 'watching', 'attack', 'mitigated', 'impaired', 'offline'] as const

const MEANING: Record<(typeof BY_URGENCY)[number], string> = {
  clean: 'Traffic is as it usually is here.',
  watching: 'Something crossed a limit and is being looked at.',
  attack: 'An attack arrives; the rule is on its way.',
  mitigated: 'An attack is here, and what is delivered is back in its band.',
  impaired: 'A rule stands, and players lose packets all the same.',
  offline: 'Nothing heard from the server. Its protection does not depend on that.',
  surge: 'An audience came. Nobody is limited.',
}

function Limits() {
  return (
    <Part title="What it does not do" lead={<p>Better read here than found out during a final.</p>}>
      <dl className="flex flex-col">
        <Outage when="More than your uplink holds">
          A rule on a server cannot empty a full link in front of it. Detection goes on, and players are lost all the
          same.
        </Outage>
        {NOT_YET.map(({ title, text }) => (
          <Outage key={title} when={title}>
            {text}
          </Outage>
        ))}
      </dl>
    </Part>
  )
}
