import { join } from 'node:path'
import { faultsOfFullDisk, floodOnFullDisk, mountSmallDisk } from '../disk-full'
import { closeStand, openStand } from '../stand'

/** One flood on a full disk. */
export async function soak(_args: string[], say: (line: string) => void): Promise<number> {
  const root = join(import.meta.dirname, '../..')
  const unmount = await mountSmallDisk(root, 'full-disk')
  try {
    const stand = await openStand(root, 2, say, 'full-disk')
    try {
      const full = await floodOnFullDisk(stand)
      const faults = faultsOfFullDisk(full)
      const { result, ...rest } = full
      const { droppedShareSinceRule, alertsOpened } = result.measured
      process.stdout.write(
        `${JSON.stringify({ ...rest, stagesMs: result.stagesMs, droppedShareSinceRule, alertsOpened, faults })}\n`,
      )
      return faults.length === 0 ? 0 : 1
    } finally {
      await closeStand(stand)
    }
  } finally {
    await unmount()
  }
}
