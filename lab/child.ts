import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DeadlineError } from './clock'
import { inNamespace } from './network'
import type { Role } from './topology'

/** A lab process inside a namespace that answers one question at a time over Node's IPC channel. */
export class LabChild<Ask, Tell extends { type: string }> {
  #waiting: { types: string[]; resolve: (event: Tell) => void; reject: (error: Error) => void }[] = []
  #early: Tell[] = []

  private constructor(
    readonly process: ChildProcess,
    readonly name: string,
  ) {
    process.on('message', (event: Tell) => {
      const index = this.#waiting.findIndex(({ types }) => types.includes(event.type) || event.type === 'failed')
      if (index < 0) this.#early.push(event)
      else this.#waiting.splice(index, 1)[0]!.resolve(event)
    })
    process.on('exit', (code) => {
      for (const waiter of this.#waiting.splice(0))
        waiter.reject(new Error(`${name} ended with ${code} before it answered`))
    })
  }

  /** Starts `file` (beside this module) inside the namespace, through `before` if given; its output goes to `logFile`. */
  static start<Ask, Tell extends { type: string }>(
    runId: string,
    role: Role,
    file: string,
    args: string[],
    { logFile, before = [] }: { logFile: string; before?: readonly string[] },
  ): LabChild<Ask, Tell> {
    const script = fileURLToPath(new URL(`./${file}.ts`, import.meta.url))
    const [first, ...rest] = [...before, process.execPath, '--import', 'tsx', script, ...args]
    const [command, all] = inNamespace(runId, role, first!, rest)
    const child = spawn(command, all, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    const log = createWriteStream(logFile, { flags: 'a' })
    child.stdout?.pipe(log, { end: false })
    child.stderr?.pipe(log, { end: false })
    return new LabChild(child, `${file} in ${role}`)
  }

  /** The next event of one of the named types. An event `failed` rejects with its message. */
  async next<T extends Tell['type']>(timeoutMs: number, ...types: T[]): Promise<Extract<Tell, { type: T }>> {
    const early = this.#early.findIndex((event) => (types as string[]).includes(event.type) || event.type === 'failed')
    const event = early >= 0 ? this.#early.splice(early, 1)[0]! : await this.#wait(types, timeoutMs)
    if (event.type === 'failed') throw new Error(`${this.name}: ${(event as unknown as { message: string }).message}`)
    return event as Extract<Tell, { type: T }>
  }

  #wait(types: string[], timeoutMs: number): Promise<Tell> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter)
        reject(new DeadlineError(`${this.name} did not say ${types.join(' or ')} within ${timeoutMs} ms`))
      }, timeoutMs)
      const settle =
        <V>(act: (value: V) => void) =>
        (value: V) => {
          clearTimeout(timer)
          act(value)
        }
      const waiter = { types, resolve: settle(resolve), reject: settle(reject) }
      this.#waiting.push(waiter)
      if (this.process.exitCode !== null) waiter.reject(new Error(`${this.name} ended with ${this.process.exitCode}`))
    })
  }

  send(message: Ask): void {
    this.process.send?.(message as never)
  }
}
