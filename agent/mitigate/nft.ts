import { execa } from 'execa'

export class NftError extends Error {
  override name = 'NftError'
}

/** Serves nft commands one after another through one process: 0.5 ms a transaction; a spawned nft costs 3 to 9 ms. */
export type Nft = {
  /** Runs commands as one transaction. @returns what nft printed. @throws NftError with nft's own words. */
  run(commands: readonly string[]): Promise<string>
  /** Lists one thing that exists, e.g. `set inet t s`. Cheaper than `run`: the listing itself says where it ends. */
  list(what: string): Promise<string>
  /** Set when nft is gone: everything it owned has vanished with it. */
  readonly exited: Promise<void>
  readonly pid: number | undefined
  close(): Promise<void>
}

type Request = { text: string; end: string; resolve: (output: string) => void; reject: (error: Error) => void }

// `describe` touches no kernel state and prints a line of its own: it marks the end of an answer.
const END_COMMAND = 'describe ipv4_addr'
const END_MARK = 'datatype ipv4_addr (IPv4 address) (basetype integer), 32 bits\n'
/** The brace of the listed table itself stands alone on its line, and is the last. */
const LISTING_END = '\n}\n'

/** Starts the long-lived `nft -i`. Tables with `flags owner` made through it live exactly as long as it does. */
export function startNft(): Nft {
  const child = execa('nft', ['-i'], { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe', buffer: false, reject: false })
  /** The first is with nft. The next goes when it is answered: errors come through a pipe of their own, unnumbered. */
  const requests: Request[] = []
  let output = ''
  let errors = ''
  const send = (): void => {
    const first = requests[0]
    if (first) child.stdin.write(first.text)
  }
  const answered = (answer: string): void => {
    settle(requests.shift(), answer, takeErrors())
    send()
  }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
    const end = requests[0]?.end ?? END_MARK
    const at = output.indexOf(end)
    if (at < 0) return
    const answer = output.slice(0, at)
    output = output.slice(at + end.length)
    // What nft wrote to stderr before the end mark is readable in this turn of the loop, perhaps after stdout.
    setImmediate(() => answered(answer))
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk
    // A listing that fails prints nothing else: this is all of its answer.
    if (requests[0]?.end === LISTING_END && errors.includes('Error:')) answered('')
  })
  const takeErrors = (): string => {
    const taken = errors
    errors = ''
    return taken
  }
  const exited = child.then(() => {
    for (const one of requests.splice(0)) one.reject(new NftError('nft ended while a command was under way'))
  })
  const ask = (text: string, end: string): Promise<string> =>
    new Promise((resolve, reject) => {
      requests.push({ text, end, resolve, reject })
      if (requests.length === 1) send()
    })
  return {
    run: (commands) => ask(`${commands.join('; ')}\n${END_COMMAND}\n`, END_MARK),
    list: (what) => ask(`list ${what}\n`, LISTING_END),
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
