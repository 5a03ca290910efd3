import { enrolLine } from '../core/enrol-line'
import { hashInstaller } from '../services/nodes/installer'
import { defaultBrand } from '../tenancy/brand'
import type { FirstSignIn } from './first-run'

export type Shown = { url: string; signIn: { email: string; password: string } | null; enrol: ShownEnrol | null }
export type ShownEnrol = { nodeName: string; expiresMs: number; line: string }

/** A token as the line that a person pastes. */
export async function toLine(
  url: string,
  packages: string,
  { nodeName, token, expiresMs }: FirstSignIn['enrol'],
): Promise<ShownEnrol> {
  const installerSha256 = await hashInstaller(packages)
  return { nodeName, expiresMs, line: enrolLine({ url, token, installerSha256 }) }
}

const untilText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`

export function enrolText({ nodeName, expiresMs, line }: ShownEnrol): string {
  return `Protect a server: paste this line there, as root. It enrols one server as ${nodeName}, until ${untilText(expiresMs)}.\n\n${line}\n`
}

export const signInText = ({ email, password }: { email: string; password: string }): string =>
  `Sign in   ${email}   ${password}\n          Shown only now: the database keeps its hash. For a new one: bin/up --new-password`

/** What stands on the terminal once everything runs. */
export function readyText({ url, signIn, enrol }: Shown): string {
  const lines = [`${defaultBrand().productName} runs. Ctrl-C ends it.`, '', `Open      ${url}`]
  if (signIn) lines.push(signInText(signIn))
  lines.push('', enrol ? enrolText(enrol) : 'To protect one more server: bin/up --enrol NAME')
  if (isOpenHttp(url))
    lines.push(
      '',
      'This is plain HTTP: who is on the way can read the sign-in. Put a proxy with TLS in front and start with --url https://…',
    )
  return lines.join('\n')
}

/** Whether the address leads over a network without TLS. */
export function isOpenHttp(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && hostname !== 'localhost' && !hostname.startsWith('127.') && hostname !== '[::1]'
}
