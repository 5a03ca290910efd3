import { setPriority } from 'node:os'
import { text } from 'node:stream/consumers'
import { type BundleToRead, mapSources } from './map-sources'
import { openPlaceTables } from './place-addresses'

/** Reads one bundle: what to read comes as JSON on stdin, what is in it leaves as JSON on stdout. */
setPriority(19)
const { bundle, tables } = JSON.parse(await text(process.stdin)) as { bundle: BundleToRead; tables: string }
const result = await mapSources(bundle, openPlaceTables(tables)).catch((error: unknown) => ({
  problem: error instanceof Error ? error.message : String(error),
}))
process.stdout.write(JSON.stringify(result))
