import './heap'
import { Command } from 'commander'
import type { GlobalOptions, RunOptions } from './config'
import { AgentError } from './errors'
import { AGENT_VERSION } from './version'

const program = new Command('tidegate')
  .description('Sees a flood begin, drops it in the kernel, keeps the evidence.')
  .version(AGENT_VERSION)
  .option('--state-dir <dir>', 'where key, spool and evidence live (default /var/lib/<brand>)')
  .option('--brand <name>', 'name under which tables, unit and process run')
  .option('--log-level <level>', 'debug, info, warn, error or silent')
  .showHelpAfterError()

const globals = (): GlobalOptions => program.opts<GlobalOptions>()

program
  .command('enroll')
  .description('register this node with its one-time token')
  .requiredOption('--gateway <url>', 'address of the platform')
  .requiredOption('--token <token>', 'one-time enrolment token')
  .option('--json', 'print one JSON object')
  .action(async (options: { gateway: string; token: string; json?: boolean }) => {
    const { enroll } = await import('./commands/enroll')
    process.exitCode = await enroll({ ...globals(), ...options })
  })

program
  .command('run')
  .description('protect this node (what the service unit starts)')
  .option('--gateway <url>', 'another platform address than the one enrolled with')
  .option('--interface <name>', 'interface to capture on (default: the one of the default route)')
  .action(async (options: RunOptions) => {
    const { run } = await import('./commands/run')
    await run({ ...globals(), ...options })
  })

program
  .command('status')
  .description('what the running agent does now')
  .option('--json', 'print one JSON object')
  .action(async (options: { json?: boolean }) => {
    const { status } = await import('./commands/status')
    process.exitCode = await status({ ...globals(), ...options })
  })

program
  .command('doctor')
  .description('check what this host lets the agent do, and say what to change')
  .option('--json', 'print one JSON object')
  .action(async (options: { json?: boolean }) => {
    const { doctor } = await import('./commands/doctor')
    const code = await doctor({ ...globals(), ...options })
    // The tap that was tried has no end of its own; what was printed goes out first.
    process.stdout.write('', () => process.exit(code))
  })

program
  .command('verify')
  .description('check an evidence bundle, offline')
  .argument('<bundle>', 'bundle file (.tar)')
  .option('--public-key <key>', 'raw public key of the node, base64url: proves where the bundle comes from')
  .option('--json', 'print one JSON object')
  .action(async (bundle: string, options: { publicKey?: string; json?: boolean }) => {
    const { verify } = await import('./commands/verify')
    process.exitCode = await verify({ bundle, ...options })
  })

program
  .command('replay')
  .description('run detection over a recorded capture, in virtual time')
  .argument('<file>', 'pcap or pcapng file')
  .option('--json', 'print one JSON object')
  .action(async (file: string, options: { json?: boolean }) => {
    const { replay } = await import('./commands/replay')
    await replay(file, { ...globals(), ...options })
  })

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof AgentError)) throw error
  // Whatever a command had started before it failed goes with it.
  process.stderr.write(`${error.message}\n`, () => process.exit(1))
}
