import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Route, sendFailure } from './http'
import { WireFailure } from './wire-failure'

/** No slash and no leading dot: a name can only mean a file of this folder. */
const PATH = /^\/gateway\/agent\/([a-z0-9][a-z0-9.-]{0,100})$/

/** The installer, and the archives whose hashes it knows, as the build left them. Public: they hold no secret. */
export function agentPackageRoute(directory: string): Route {
  return {
    method: ['GET', 'HEAD'],
    path: PATH,
    handle: async (request, response, path) => {
      const name = PATH.exec(path)?.[1] as string
      const file = await open(join(directory, name)).catch(() => null)
      const size = file === null ? null : await sizeOf(file)
      if (file === null || size === null) {
        await file?.close()
        const failure = new WireFailure('bad_message', `This platform has no agent package ${name}. Take a new line.`)
        return sendFailure(request, response, failure, 404)
      }
      const isScript = name.endsWith('.sh')
      response.writeHead(200, {
        'content-type': isScript ? 'text/x-shellscript; charset=utf-8' : 'application/gzip',
        'content-length': size,
        // An archive's name holds its hash.
        'cache-control': isScript ? 'no-store' : 'public, max-age=31536000, immutable',
      })
      if (request.method === 'HEAD') {
        await file.close()
        response.end()
        return
      }
      // Who breaks the connection off has no need of an answer.
      await pipeline(file.createReadStream(), response).catch(() => response.destroy())
    },
  }
}

async function sizeOf(file: FileHandle): Promise<number | null> {
  const found = await file.stat()
  return found.isFile() ? found.size : null
}
