import type { Metadata } from 'next'
import { Closing } from '../_site/closing'
import { COST, INSTALL, MACHINE, MAIL, OUTAGES, PEER, STAGE_SET, SURGE, WORST_RUN } from '../_site/measured'
import { siteMetadata } from '../_site/metadata'
import { PageTop } from '../_site/page-top'
import { ScenarioTable } from '../_site/scenario-table'
import { StageTable } from '../_site/stage-table'

export const metadata: Metadata = siteMetadata(
  '/measured',
  'How it was measured',
  'Machine, date, command and method behind every figure on these pages, each against what is promised.',
)

export default function MeasuredPage() {
  return (
    <>
      <PageTop
        title="How it was measured"
        lead={
          <>
            <p>
              Every figure on these pages comes from a command in the repository, run on one small machine. A test fails
              when a page shows one that is not in the record.
            </p>
            <p className="text-md">
              {MACHINE.words}. {MACHINE.date}, where no other day is named. {capital(MACHINE.shares)}.
            </p>
          </>
        }
      />
      <Method
        id="stages"
        title="Times of a flood"
        command={STAGE_SET.command}
        text={`${STAGE_SET.floods}, ${STAGE_SET.rate} asked for, at the game port of a match server in a network namespace, while players play. The clock starts when a capture in front of our rules sees the first attack packet. Rules are read back from the kernel, alerts taken by a receiver, and the public page asked for. In the worst run players lost ${WORST_RUN.lost} packets, and ${WORST_RUN.held} of the attack was held.`}
      >
        <StageTable />
      </Method>
      <Method
        id="scenarios"
        title="Kinds of flood"
        command="bin/demo --scenario NAME"
        text={`Ten runs each but for the first two, which are single ones. Players number their packets, so each lost one is known. Beside all but the surge other work ran at idle priority. In the surge 217 players came: ${SURGE.growth}, ${SURGE.incidents}, ${SURGE.lost} packets of the newcomers lost.`}
      >
        <ScenarioTable />
      </Method>
      <Method
        id="outages"
        title="When a part is missing"
        command="bin/demo --kill-agent, bin/demo --stop-gateway, npm run soak -- spool"
        text={`Agent killed with -9 in the middle of a flood: drops ended ${OUTAGES.agentKilled} after the kill. Gateway stopped: detected after ${OUTAGES.gatewayAway.detected}, rule after ${OUTAGES.gatewayAway.rule}. A spool of ${OUTAGES.replay.samples}, torn, beside live data: replayed in ${OUTAGES.replay.took}, ${OUTAGES.replay.faults}.`}
      />
      <Method
        id="cost"
        title="What the agent costs"
        command="npm run bench -- detection"
        text={`${COST.date}. Agent with all its children, counted by the kernel’s scheduler. Without traffic ${COST.idleCpu} of a core (promised ${COST.idleCpuPromised}), with ${COST.players} of players ${COST.playersCpu} (promised ${COST.playersCpuPromised}). Resident at most ${COST.memory} over ten floods (promised ${COST.memoryPromised}).`}
      />
      <Method
        id="peer"
        title={`Beside ${PEER.name}`}
        command="npm run bench -- detection"
        text={`${PEER.date}. Ten floods at ${PEER.rate}, both products on the same server and the same packets, in one run. ${PEER.name}’s ban script started ${PEER.script} after the first packet, in the median. Ours had detected after ${PEER.ours} ms in the median, ${PEER.oursWorst} at worst. A packet of the flood cost ${PEER.cpu} of CPU: ${PEER.cpuTimes} less.`}
      />
      <Method
        id="else"
        title="Mail and installation"
        command="measure-latency.ts --runs 100, bin/demo on a bare Debian"
        text={`From the commit of an incident to the mail command read by a mail server: ${MAIL.median} in the median, ${MAIL.worst} at worst. A bare Debian from clone to the end of a demonstration, without a question: ${INSTALL.bareDebian}.`}
      />
      <Closing />
    </>
  )
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

type MethodProps = { id: string; title: string; command: string; text: string; children?: React.ReactNode }

function Method({ id, title, command, text, children }: MethodProps) {
  return (
    <section id={id} aria-label={title} className="scroll-mt-14 border-t border-line">
      <div className="mx-auto grid w-full max-w-[1180px] gap-x-14 gap-y-6 px-5 py-12 sm:px-8 lg:grid-cols-[minmax(0,4fr)_minmax(0,7fr)]">
        <div className="flex flex-col gap-3">
          <h2 className="text-xl font-semibold tracking-tight">{title}</h2>
          <code className="w-fit rounded-sm bg-sunken px-2 py-1 font-mono text-base [overflow-wrap:anywhere] text-soft">
            {command}
          </code>
        </div>
        <div className="flex min-w-0 flex-col gap-6">
          <p className="text-md text-soft">{text}</p>
          {children}
        </div>
      </div>
    </section>
  )
}
