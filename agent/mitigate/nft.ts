export class NftError extends Error {
  override name = 'NftError'
}

/** nftables, in this process. Tables with `flags owner` made through it live exactly as long as it does. */
export type Nft = {
  /**
   * Runs commands as one transaction; what they list is printed before it is committed. Blocks for as long as the kernel
   * takes: 0.6 ms for a whole cut table.
   * @returns what nft printed. @throws NftError with nft's own words; then nothing of the transaction stands.
   */
  run(commands: readonly string[]): string
  close(): void
}

/** Calls functions of a C library (the addon of koffi). */
export type ForeignFunctions = {
  load(library: string): { func(prototype: string): (...parameters: unknown[]) => unknown }
}

const LIBRARY = 'libnftables.so.1'

/** Opens libnftables, which `nft` itself is a shell around. @throws NftError when it is not installed. */
export function openNft(foreign: ForeignFunctions): Nft {
  const library = loadLibrary(foreign)
  const create = library.func('void *nft_ctx_new(uint32_t flags)')
  const free = library.func('void nft_ctx_free(void *context)')
  const execute = library.func('int nft_run_cmd_from_buffer(void *context, const char *commands)')
  const output = library.func('const char *nft_ctx_get_output_buffer(void *context)')
  const errors = library.func('const char *nft_ctx_get_error_buffer(void *context)')
  const context = create(0)
  for (const what of ['output', 'error']) library.func(`int nft_ctx_buffer_${what}(void *context)`)(context)
  return {
    run(commands) {
      const failed = execute(context, commands.join('\n')) !== 0
      // Both are read each time: reading empties them.
      const printed = String(output(context) ?? '')
      const said = String(errors(context) ?? '')
      if (failed) throw new NftError(`nft refused the rules:${firstError(said)}`)
      return printed
    },
    close: () => void free(context),
  }
}

function loadLibrary(foreign: ForeignFunctions) {
  try {
    return foreign.load(LIBRARY)
  } catch (error) {
    throw new NftError(`${LIBRARY} does not load: install the package nftables (${String(error)})`)
  }
}

const firstError = (said: string): string => {
  const line = said.split('\n').find((one) => one.includes('Error:')) ?? ' no reason was given'
  return line.replace(/^.*?Error:/, '')
}
