import type { AgentHealth } from '../../wire/messages'
import type { Disk } from '../disk'

/** How this process fares; CPU since the call before, at first since its start. */
export function createVitals(disk: Pick<Disk, 'refused'>): () => Omit<AgentHealth, 'spooled'> {
  const startedMs = Math.round(Date.now() - process.uptime() * 1_000)
  let before = { cpuUs: 0, uptimeS: 0 }
  return () => {
    const { user, system } = process.cpuUsage()
    const now = { cpuUs: user + system, uptimeS: process.uptime() }
    const cpuPercent = (now.cpuUs - before.cpuUs) / Math.max(now.uptimeS - before.uptimeS, 0.001) / 1e4
    before = now
    return {
      startedMs,
      cpuPercent: Number(cpuPercent.toFixed(2)),
      residentBytes: process.memoryUsage.rss(),
      disk: disk.refused.length > 0 ? 'refused' : 'ok',
    }
  }
}
