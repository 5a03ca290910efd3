#!/usr/bin/env node
/**
 * Stand-in for Prisma's schema engine binary: the same engine, built for WebAssembly and published on npm, behind the
 * line protocol that the Prisma CLI speaks. Internal protocol: the versions of prisma, adapter and engine are pinned together.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'

const argv = process.argv.slice(2)

function option(name) {
  const at = argv.indexOf(name)
  return at < 0 ? undefined : argv[at + 1]
}

// Comparing two schemas needs no database, so the address may be empty.
const url = new URL(JSON.parse(option('--datasource') ?? '{}').url || 'postgresql://127.0.0.1/none')

// Fields, not a connection string: with a string the adapter ignores the shadow database's name.
function connection(database) {
  return {
    host: url.searchParams.get('host') ?? url.hostname,
    port: Number(url.port) || 5432,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password) || undefined,
    database,
  }
}

const databaseName = decodeURIComponent(url.pathname.slice(1))

async function withClient(database, work) {
  const client = new pg.Client(connection(database))
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function runCli() {
  try {
    if (argv.includes('create-database')) {
      await withClient('postgres', (client) => client.query(`CREATE DATABASE ${pg.escapeIdentifier(databaseName)}`))
    } else {
      await withClient(databaseName, (client) => client.query('SELECT 1'))
    }
    return 0
  } catch (error) {
    const fields = { message: error.message, error_code: error.code === '3D000' ? 'P1003' : 'P1001', is_panic: false }
    const line = { timestamp: new Date().toISOString(), level: 'ERROR', target: 'schema_engine::logger', fields }
    // The CLI drops the first line it reads.
    process.stderr.write(`schema engine\n${JSON.stringify(line)}`)
    return 1
  }
}

/** The adapter refuses catalog columns of type "char" (OID 18, arrays 1002): read them as text. */
function readCharAsText() {
  const query = pg.Pool.prototype.query
  pg.Pool.prototype.query = async function (...args) {
    const result = await query.apply(this, args)
    for (const field of result?.fields ?? []) {
      if (field.dataTypeID === 18) field.dataTypeID = 25
      if (field.dataTypeID === 1002) field.dataTypeID = 1009
    }
    return result
  }
}

let applying = false

/**
 * One query is one transaction: a migration is noted as finished together with what it did. Killed at any moment, one
 * that is not finished has done nothing.
 */
const NOTE_AS_FINISHED = `DO $$ BEGIN
  IF to_regclass('_prisma_migrations') IS NOT NULL THEN
    UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL;
  END IF;
END $$`

/**
 * The adapter splits scripts at every `;`, which breaks functions: send them whole. And the engine reads the type of
 * a CHECK constraint as one character, which the adapter cannot say.
 */
function mend(adapter) {
  const queryRaw = adapter.queryRaw.bind(adapter)
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query)
    const at = result.columnNames.indexOf('constraint_type')
    if (at >= 0) result.columnTypes[at] = ColumnTypeEnum.Character
    return result
  }
  adapter.executeScript = async (script) => {
    await adapter.client.query(applying ? `${script}\n;${NOTE_AS_FINISHED}` : script)
  }
  return adapter
}

class SchemaAdapterFactory extends PrismaPg {
  async connect() {
    return mend(await super.connect())
  }

  async connectToShadowDb() {
    const name = `prisma_migrate_shadow_${randomUUID()}`
    await withClient(databaseName, (client) => client.query(`CREATE DATABASE "${name}"`))
    const adapter = mend(await new PrismaPg(connection(name)).connect())
    adapter.client.on('error', () => {})
    // The adapter would drop the database while its own pool still holds it open.
    adapter.dispose = async () => {
      await adapter.client.end()
      await withClient(databaseName, (client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`))
    }
    return adapter
  }
}

async function startEngine() {
  // The package exports its bindings only; the module lies beside them.
  const wasm = new URL('./schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'))
  const { instance } = await WebAssembly.instantiate(readFileSync(wasm), { './schema_engine_bg.js': bindings })
  bindings.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  const files = option('--datamodels')?.split(',')
  const datamodels = files?.map((path) => [path, readFileSync(path, 'utf8')]) ?? [
    ['schema', 'datasource db {\n provider = "postgresql"\n}'],
  ]
  const factory = bindMigrationAwareSqlAdapterFactory(new SchemaAdapterFactory(connection(databaseName)))
  return bindings.SchemaEngine.new({ datamodels }, () => {}, factory)
}

const write = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
let printId = 1_000_000
let current = null

const fail = (id, message, code = null) =>
  write({
    id,
    error: { code: 4466, message: 'error', data: { is_panic: false, message, meta: null, error_code: code } },
  })

async function answer(starting, { id, method, params }) {
  try {
    const engine = await starting
    applying = method === 'applyMigrations'
    const result = await engine[method === 'getDatabaseVersion' ? 'version' : method](params)
    if (method === 'diff' && result.stdout != null) {
      write({ id: printId++, method: 'print', params: { content: result.stdout } })
      delete result.stdout
    }
    write({ id, result: result ?? {} })
  } catch (error) {
    fail(id, String(error.message ?? error), error.code)
  }
}

/** A panic ends the engine outside of any promise; unanswered, the CLI would report success. */
function answerPanics() {
  let panic = ''
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message) => {
      panic = message
    },
  }
  process.on('uncaughtException', (error) => {
    fail(current, `The schema engine stopped. ${panic || error.stack}`)
    process.stdout.write('', () => process.exit(1))
  })
}

async function serve() {
  readCharAsText()
  answerPanics()
  // The CLI takes an engine that dies for one that had nothing to say: a failed start answers every request instead.
  const starting = startEngine()
  starting.catch(() => {})
  for await (const line of createInterface({ input: process.stdin })) {
    if (!line.trim()) continue
    const message = JSON.parse(line)
    if (!message.method) continue
    current = message.id
    await answer(starting, message)
  }
}

if (argv.includes('cli')) process.exit(await runCli())
await serve()
