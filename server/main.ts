import './heap'
import { parseArgs } from 'node:util'
import pino from 'pino'
import { readEnv } from './env'
import { isRole, ROLES, type Role, startPlatform } from './wiring'

function readRoles(): Role[] {
  const { values } = parseArgs({ options: { roles: { type: 'string', default: ROLES.join(',') } } })
  const names = values.roles.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !isRole(name))
  if (unknown !== undefined) throw new Error(`There is no role '${unknown}'. Known roles: ${ROLES.join(', ')}.`)
  return names.filter(isRole)
}

async function main(): Promise<void> {
  const env = readEnv()
  const log = pino({ level: env.LOG_LEVEL }, pino.destination({ dest: 2, sync: false }))
  const starting = startPlatform({ env, roles: readRoles(), log })
  let isStopping = false
  const stop = (signal: string): void => {
    if (isStopping) return
    isStopping = true
    log.info({ signal }, 'draining')
    const stopped = starting.then((platform) => platform.stop())
    stopped.then(
      () => {
        log.info('stopped')
        process.exit(0)
      },
      (err: unknown) => {
        log.error({ err }, 'stopping failed')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  await starting
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
