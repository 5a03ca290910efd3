import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { namespaceName } from './run-file'
import type { Role } from './topology'

/** A bare Debian in a folder of its own, entered inside a namespace of the lab: as near to a new machine as one machine gets. */

const MIRROR = 'http://deb.debian.org/debian'
const SUITE = 'bookworm'
const BOUND = ['/proc', '/sys', '/dev']
/** How this machine reaches package registries; what is not there is not needed. */
const CARRIED = [
  '/etc/apt/sources.list.d',
  '/etc/apt/apt.conf.d',
  '/usr/share/keyrings',
  '/root/.npmrc',
  '/etc/ssl/certs',
  '/usr/local/share/ca-certificates',
]

export type BareSystem = {
  root: string
  /** Runs a shell line inside, in the namespace of that role. The process is the line's own when it begins with `exec`. */
  enter: (role: Role, line: string) => ChildProcess
  run: (role: Role, line: string) => Promise<string>
  close: () => Promise<void>
}

/** debootstrap's smallest Debian, made once and copied for each system of a run. */
async function makeBase(base: string): Promise<void> {
  if (existsSync(base)) return
  const part = `${base}.part`
  rmSync(part, { recursive: true, force: true })
  mkdirSync(dirname(base), { recursive: true })
  const options = ['--variant=minbase', '--include=ca-certificates,libstdc++6']
  await execa('debootstrap', [...options, SUITE, part, MIRROR], { stdout: 'ignore', timeout: 600_000 })
  renameSync(part, base)
}

/** A bare Debian, and Node as its tarball installs it. */
export async function makeBareSystem(root: string, runId: string): Promise<BareSystem> {
  const base = join(dirname(root), 'debian')
  await unmount(root)
  rmSync(root, { recursive: true, force: true })
  await makeBase(base)
  await execa('cp', ['-a', '--reflink=auto', base, root])
  copyNode(root)
  for (const path of CARRIED) await carry(path, join(root, path))
  if (existsSync('/etc/apt/sources.list.d')) rmSync(join(root, 'etc/apt/sources.list'), { force: true })
  // The resolver of the user-mode network.
  writeFileSync(join(root, 'etc/resolv.conf'), 'nameserver 10.0.2.3\n')
  chmodSync(join(root, 'root'), 0o700)
  for (const path of BOUND) {
    await execa('mount', ['--rbind', path, join(root, path)])
    await execa('mount', ['--make-rslave', join(root, path)])
  }
  const authorities = process.env.NODE_EXTRA_CA_CERTS
  if (authorities !== undefined) await carry(authorities, join(root, authorities))
  const environment = authorities === undefined ? [] : [`NODE_EXTRA_CA_CERTS=${authorities}`]
  const args = (role: Role, line: string) => [
    ...['netns', 'exec', namespaceName(runId, role), 'chroot', root],
    ...[
      'env',
      '-i',
      'HOME=/root',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      ...environment,
      'bash',
      '-c',
      line,
    ],
  ]
  return {
    root,
    enter: (role, line) => spawn('ip', args(role, line), { stdio: ['ignore', 'pipe', 'pipe'] }),
    run: async (role, line) => (await execa('ip', args(role, line), { timeout: 900_000 })).stdout,
    close: async () => {
      await unmount(root)
      rmSync(root, { recursive: true, force: true })
    },
  }
}

async function carry(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return
  rmSync(to, { recursive: true, force: true })
  mkdirSync(dirname(to), { recursive: true })
  await execa('cp', ['-rL', from, to])
}

function copyNode(root: string): void {
  const prefix = dirname(dirname(process.execPath))
  mkdirSync(join(root, 'usr/lib/node_modules'), { recursive: true })
  cpSync(process.execPath, join(root, 'usr/bin/node'))
  cpSync(join(prefix, 'lib/node_modules/npm'), join(root, 'usr/lib/node_modules/npm'), { recursive: true })
  cpSync(join(prefix, 'include/node'), join(root, 'usr/include/node'), { recursive: true })
  for (const name of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(root, 'usr/bin', name))
}

async function unmount(root: string): Promise<void> {
  for (const path of BOUND) await execa('umount', ['--recursive', '--lazy', join(root, path)], { reject: false })
}

/**
 * Lets a namespace reach package registries through an ordinary process outside of it (slirp4netns): nothing is added to
 * the machine's own network.
 */
export async function connectToRegistries(runId: string, role: Role): Promise<ChildProcess> {
  const path = `/run/netns/${namespaceName(runId, role)}`
  const options = ['--configure', '--mtu=65520', '--disable-host-loopback', '--netns-type=path', '--ready-fd=3']
  const child = spawn('slirp4netns', [...options, path, 'tap0'], { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] })
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`slirp4netns ended with ${code}`)))
    child.once('error', reject)
    child.stdio[3]?.once('data', () => resolve())
  })
  return child
}
