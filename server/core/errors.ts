export const ERROR_CODES = [
  'validation',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'limit_exceeded',
  'unavailable',
  'internal',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** An error whose message may be shown: what happened, why, what to do. `field` names the input to mend. */
export class TidegateError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly field: string | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = new.target.name
  }
}

export class ValidationError extends TidegateError {
  constructor(message: string, field: string | null = null) {
    super('validation', message, field)
  }
}

export class UnauthenticatedError extends TidegateError {
  constructor(message = 'You are not signed in, or your session ended. Sign in and try again.') {
    super('unauthenticated', message)
  }
}

export class ForbiddenError extends TidegateError {
  constructor(message: string) {
    super('forbidden', message)
  }
}

/** The workspace opens once its member has a second factor. */
export class SecondFactorNeededError extends ForbiddenError {
  constructor(workspaceName: string) {
    super(
      `${workspaceName} asks everyone for a second factor, and your account has none. Set one up, then open it again.`,
    )
  }
}

export class NotFoundError extends TidegateError {
  constructor(what: string) {
    super('not_found', `There is no such ${what} in this workspace. Check the link, or open the list and choose again.`)
  }
}

export class ConflictError extends TidegateError {
  constructor(message: string) {
    super('conflict', message)
  }
}

export class LimitExceededError extends TidegateError {
  constructor(message: string) {
    super('limit_exceeded', message)
  }
}

export class UnavailableError extends TidegateError {
  constructor(message: string, options?: ErrorOptions) {
    super('unavailable', message, null, options)
  }
}

export class InternalError extends TidegateError {
  constructor(message = 'Something failed on our side. Try again; if it stays, tell support.', options?: ErrorOptions) {
    super('internal', message, null, options)
  }
}
