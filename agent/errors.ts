/** A failure told to a person: what happened and what to do. The command prints it without a stack. */
export class AgentError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'AgentError'
  }
}

export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Code of a system error such as ENOENT; undefined for anything else. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
