import { ATTACKED, closeStand, openStand, type Say, type Stand } from '../lab/stand'
import { peerVersion } from './fastnetmon'
import { THRESHOLD_PPS } from './fastnetmon-config'
import { type DetectionFigures, detectionFigures, ratioOf } from './figures'
import { measureKernel } from './kernel-cost'
import { measureRest } from './rest'
import type { Result } from './result'
import { fireAtBoth, type Shot } from './shot'

/** How soon a flood is detected, and what that costs, beside FastNetMon on the same floods of the same server. */

const CONTROL_SECONDS = 5

export async function detection(root: string, runs: number, say: Say): Promise<Result<DetectionFigures>> {
  const peer = `FastNetMon ${await peerVersion()}, AF_PACKET, threshold ${THRESHOLD_PPS} packets/s`
  const stand = await openStand(root, CONTROL_SECONDS, say)
  try {
    const rest = await measureRest(stand, await agentPid(stand))
    const shots: Shot[] = []
    for (let run = 1; run <= runs; run += 1) {
      const shot = await fireAtBoth(stand, await agentPid(stand))
      shots.push(shot)
      say(`flood ${run} of ${runs}: ${JSON.stringify({ ...shot, memory: shot.memory.rssKb })}`)
    }
    const figures = detectionFigures(shots, await measureKernel(stand), rest)
    return { name: 'detection', figures, peer, ratio: ratioOf(figures) }
  } finally {
    say('taking the lab down')
    await closeStand(stand)
  }
}

async function agentPid({ agents }: Stand): Promise<number> {
  const status = await agents.find(({ node }) => node === ATTACKED)?.status()
  if (typeof status?.pid !== 'number') throw new Error(`the agent of ${ATTACKED} does not say its process id`)
  return status.pid
}
