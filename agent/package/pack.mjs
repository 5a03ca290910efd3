import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  createWriteStream,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createGzip } from 'node:zlib'
import { NODE_FLAGS } from './node-flags.mjs'

/** Makes what a server fetches to get its agent: this Node, the bundle and its addons in one archive, and the installer that knows its hash. */

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
const out = join(root, 'dist/agent')
const made = join(root, 'dist/agent.new')
const stage = join(root, 'dist/agent.stage')

const PARTS = [
  { from: process.execPath, to: 'node', mode: 0o755 },
  { from: join(root, 'agent/dist/tidegate.mjs'), to: 'agent.mjs', mode: 0o644 },
  { from: join(root, 'agent/dist/cap.node'), to: 'cap.node', mode: 0o644 },
  { from: join(root, 'agent/dist/koffi.node'), to: 'koffi.node', mode: 0o644 },
  { from: join(root, 'deploy/systemd/tidegate-agent.service'), to: 'agent.service', mode: 0o644 },
  { from: join(here, 'uninstall.sh'), to: 'uninstall.sh', mode: 0o755 },
]

rmSync(stage, { recursive: true, force: true })
rmSync(made, { recursive: true, force: true })
mkdirSync(stage, { recursive: true })
mkdirSync(made, { recursive: true })
for (const { from, to, mode } of PARTS) {
  copyFileSync(from, join(stage, to))
  chmodSync(join(stage, to), mode)
}

const system = `linux-${process.arch}`
const packed = join(made, 'packed')
// The same input gives the same bytes: the installer's hash changes with the agent and with nothing else.
const tar = spawn(
  'tar',
  ['-c', '-C', stage, '--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '.'],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
const tarEnded = once(tar, 'close')
await pipeline(tar.stdout, createGzip({ level: 6 }), createWriteStream(packed))
const [code] = await tarEnded
if (code !== 0) throw new Error(`tar ended with ${code}; the agent is not packed.`)

const hash = createHash('sha256').update(readFileSync(packed)).digest('hex')
const name = `agent-${system}-${hash.slice(0, 12)}.tar.gz`
renameSync(packed, join(made, name))
writeFileSync(
  join(made, 'install.sh'),
  readFileSync(join(here, 'install.sh'), 'utf8')
    .replace('@ARCHIVES@', `${system} ${hash}`)
    .replace('@NODE_FLAGS@', NODE_FLAGS.join(' ')),
  { mode: 0o644 },
)
execFileSync('sh', ['-n', join(made, 'install.sh')])
rmSync(stage, { recursive: true, force: true })
rmSync(out, { recursive: true, force: true })
renameSync(made, out)
process.stderr.write(`dist/agent/${name}\n`)
