/**
 * Every error that a client can receive: code → HTTP status and title (RFC 9457 problem+json). The `detail` is
 * written where the error is raised, and only shown for errors below 500.
 */
export const ERRORS = {
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  code_invalid: { status: 400, title: 'The confirmation code is wrong or has expired' },
  unauthenticated: { status: 401, title: 'A valid access token is needed' },
  bad_credentials: { status: 401, title: 'The e-mail or the password is wrong' },
  refresh_token_invalid: { status: 401, title: 'The refresh token is wrong, revoked or has expired' },
  insufficient_funds: { status: 402, title: 'Not enough satoshis' },
  forbidden: { status: 403, title: 'Your role may not do this' },
  email_unconfirmed: { status: 403, title: 'The e-mail address is not confirmed yet' },
  user_disabled: { status: 403, title: 'This account is disabled' },
  deposits_manual: { status: 403, title: 'Deposits are credited by an administrator here' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'This path does not take this method' },
  email_taken: { status: 409, title: 'This e-mail address is registered already' },
  agent_name_taken: { status: 409, title: 'This agent name is taken' },
  file_in_use: { status: 409, title: 'An unfinished task uses this file' },
  upload_incomplete: { status: 409, title: 'Parts of the upload are missing' },
  wrong_state: { status: 409, title: 'The current state does not allow this' },
  not_deployable: { status: 409, title: 'This version cannot be put in production' },
  already_judged: { status: 409, title: 'This result has its verdict already' },
  review_closed: { status: 409, title: 'The time for review is over' },
  quote_expired: { status: 409, title: 'The quote has expired' },
  quote_used: { status: 409, title: 'The quote was used for another task' },
  idempotency_in_progress: { status: 409, title: 'A request with this Idempotency-Key is still running' },
  conflict: { status: 409, title: 'Somebody else changed this at the same moment' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  validation_failed: { status: 422, title: 'The request does not have the documented form' },
  file_not_usable: { status: 422, title: 'A file is missing, not ready, or not yours' },
  no_items: { status: 422, title: 'There is nothing to do in this task' },
  complexity_too_low: { status: 422, title: 'Too many items for this complexity' },
  too_many_examples: { status: 422, title: 'Too many examples' },
  no_agent_available: { status: 422, title: 'No agent can take this task' },
  quote_unknown: { status: 422, title: 'There is no such quote of yours' },
  quote_mismatch: { status: 422, title: 'The quote is for another task' },
  unknown_item: { status: 422, title: 'An item of the correction is not part of the result' },
  idempotency_key_reused: { status: 422, title: 'This Idempotency-Key was used with another body' },
  throttled: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'Temporarily not available' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERRORS;

export interface FieldError {
  /** Dotted path into the body, query or path: `items.3.fields.age`. */
  path: string;
  message: string;
}

/** The one error class of the product; `code` decides status and title. */
export class DukeError extends Error {
  override readonly name = 'DukeError';
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[] | undefined;
  /** `Retry-After` of a 429 or 503, in seconds. */
  readonly retryAfter: number | undefined;
  /** `Allow` of a 405: the methods of the path. */
  readonly allow: readonly string[] | undefined;

  constructor(
    code: ErrorCode,
    detail: string,
    options: {
      cause?: unknown;
      errors?: readonly FieldError[];
      retryAfter?: number;
      allow?: readonly string[];
    } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.errors = options.errors;
    this.retryAfter = options.retryAfter;
    this.allow = options.allow;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}
