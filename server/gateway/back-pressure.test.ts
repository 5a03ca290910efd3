import { describe, expect, it } from 'vitest'
import { createBackPressure } from './back-pressure'

const gate = () => {
  let open = (): void => {}
  const closed = new Promise<void>((done) => {
    open = done
  })
  return { closed, open }
}

const limits = { incidents: { perNode: 3, overall: 5 }, samples: { perNode: 2, overall: 2 } }

describe('back-pressure', () => {
  it("runs one node's lane in order of arrival, one at a time", async () => {
    const pressure = createBackPressure(limits)
    const first = gate()
    const order: number[] = []
    const all = [
      pressure.run('n1', 'incidents', async () => {
        await first.closed
        order.push(1)
      }),
      pressure.run('n1', 'incidents', async () => order.push(2)),
      pressure.run('n1', 'incidents', async () => order.push(3)),
    ]
    first.open()
    await Promise.all(all)
    expect(order).toEqual([1, 2, 3])
  })

  it('goes on in order after one failed', async () => {
    const pressure = createBackPressure(limits)
    const failing = pressure.run('n1', 'incidents', () => Promise.reject(new Error('disk full')))
    const next = pressure.run('n1', 'incidents', async () => 'done')
    await expect(failing).rejects.toThrow('disk full')
    expect(await next).toBe('done')
  })

  it('answers busy with a time to wait when one node has too much waiting, and takes more once there is room', async () => {
    const pressure = createBackPressure(limits)
    const { closed, open } = gate()
    const waiting = [1, 2, 3].map(() => pressure.run('n1', 'incidents', () => closed))
    await expect(pressure.run('n1', 'incidents', () => closed)).rejects.toMatchObject({
      code: 'busy',
      retryAfterMs: expect.any(Number),
    })
    open()
    await Promise.all(waiting)
    await pressure.run('n1', 'incidents', async () => {})
    expect(pressure.inFlight('incidents')).toBe(0)
  })

  it('bounds all nodes together', async () => {
    const pressure = createBackPressure(limits)
    const { closed, open } = gate()
    const waiting = [1, 2, 3, 4, 5].map((node) => pressure.run(`n${node}`, 'incidents', () => closed))
    await expect(pressure.run('n6', 'incidents', () => closed)).rejects.toMatchObject({ code: 'busy' })
    open()
    await Promise.all(waiting)
  })

  it('lets incidents through while samples fill their own room', async () => {
    const pressure = createBackPressure(limits)
    const { closed, open } = gate()
    const waiting = ['n1', 'n2'].map((node) => pressure.run(node, 'samples', () => closed))
    await expect(pressure.run('n3', 'samples', () => closed)).rejects.toMatchObject({ code: 'busy' })
    expect(await pressure.run('n1', 'incidents', async () => 'stored')).toBe('stored')
    open()
    await Promise.all(waiting)
  })

  it('is idle only when accepted work is done', async () => {
    const pressure = createBackPressure(limits)
    const { closed, open } = gate()
    let isDone = false
    void pressure.run('n1', 'samples', async () => {
      await closed
      isDone = true
    })
    const idle = pressure.idle('n1')
    open()
    await idle
    expect(isDone).toBe(true)
  })
})
