import { execa } from 'execa'

export class NftError extends Error {
  override name = 'NftError'
}

/** Serves nft commands one after another through one process: 0.5 ms a transaction; a spawned nft costs 3 to 9 ms. */
export type Nft = {
  /** Runs commands as one transaction. @returns what nft printed. @throws NftError with nft's own words. */
  run(commands: readonly string[]): Promise<string>
  /** Set when nft is gone: everything it owned has vanished with it. */
  readonly exited: Promise<void>
  readonly pid: number | undefined
  close(): Promise<void>
}

type Request = { commands: readonly string[]; resolve: (output: string) => void; reject: (error: Error) => void }

// `describe` touches no kernel state and prints a line of its own: it marks the end of an answer.
const END_COMMAND = 'describe ipv4_addr'
const END_MARK = 'datatype ipv4_addr (IPv4 address) (basetype integer), 32 bits\n'

/** Starts the long-lived `nft -i`. Tables with `flags owner` made through it live exactly as long as it does. */
export function startNft(): Nft {
  const child = execa('nft', ['-i'], { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe', buffer: false, reject: false })
  /** The first is with nft. The next goes when it is answered: errors come through a pipe of their own, unnumbered. */
  const requests: Request[] = []
  let output = ''
  let errors = ''
  const send = (): void => {
    const first = requests[0]
    if (first) child.stdin.write(`${first.commands.join('; ')}\n${END_COMMAND}\n`)
  }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
    const end = output.indexOf(END_MARK)
    if (end < 0) return
    const answer = output.slice(0, end)
    output = output.slice(end + END_MARK.length)
    // What nft wrote to stderr before the end mark is readable in this turn of the loop, perhaps after stdout.
    setImmediate(() => {
      settle(requests.shift(), answer, takeErrors())
      send()
    })
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk
  })
  const takeErrors = (): string => {
    const taken = errors
    errors = ''
    return taken
  }
  const exited = child.then(() => {
    for (const one of requests.splice(0)) one.reject(new NftError('nft ended while a command was under way'))
  })
  return {
    run(commands) {
      return new Promise((resolve, reject) => {
        requests.push({ commands, resolve, reject })
        if (requests.length === 1) send()
      })
    },
    exited,
    pid: child.pid,
    async close() {
      child.stdin.end('quit\n')
      await exited
    },
  }
}

function settle(request: Request | undefined, answer: string, errors: string): void {
  if (!request) return
  const said = errors.split('\n').find((line) => line.includes('Error:'))
  if (said) request.reject(new NftError(said.replace(/^.*?Error:/, 'nft refused the rules:')))
  else request.resolve(answer)
}
