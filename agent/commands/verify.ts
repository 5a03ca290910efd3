import { type Verification, verifyBundle } from '../evidence/verify'

export type VerifyOptions = { bundle: string; publicKey?: string; json?: boolean }

/** @returns exit code: 0 when every check holds. */
export async function verify({ bundle, publicKey, json }: VerifyOptions): Promise<number> {
  const verification = await verifyBundle(bundle, { publicKey })
  console.log(json ? JSON.stringify(verification) : describe(verification, publicKey))
  return verification.ok ? 0 : 1
}

const time = (us: number): string => new Date(us / 1_000).toISOString()

function describe({ ok, sha256, checks, manifest }: Verification, publicKey: string | undefined): string {
  const lines = checks.map((check) => `${check.ok ? 'ok    ' : 'FAILED'}  ${check.name}: ${check.detail}`)
  if (manifest) {
    lines.push(
      '',
      `incident  ${manifest.incidentId}, onset ${time(manifest.onsetUs)}`,
      `node      ${manifest.nodeId}, key ${manifest.publicKey}`,
      `recorded  by ${manifest.tool.name} ${manifest.tool.version}, closed ${time(manifest.createdUs)}`,
    )
  }
  lines.push(`bundle    SHA-256 ${sha256}`, '')
  if (!ok) lines.push('This bundle is NOT as the node signed it.')
  else if (publicKey) lines.push('Unchanged since the node signed it.')
  else lines.push('Unchanged since it was signed. Give --public-key to prove which node signed it.')
  return lines.join('\n')
}
