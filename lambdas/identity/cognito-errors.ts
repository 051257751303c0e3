import { DukeError } from '../../contracts/errors.ts';
import type { ErrorCode } from '../../contracts/errors.ts';

interface Translation {
  readonly code: ErrorCode;
  readonly detail: string;
}

const WRONG_PAIR: Translation = { code: 'bad_credentials', detail: 'Check both and try again.' };
const WRONG_CODE: Translation = { code: 'code_invalid', detail: 'Ask for a new code and try again.' };
const SLOW_DOWN: Translation = { code: 'throttled', detail: 'Too many tries. Wait a moment.' };
const RETRY_SECONDS = 30;

/** Cognito's exceptions by name. One that is missing here is a defect of ours: 500, logged whole. */
const TRANSLATIONS: Readonly<Partial<Record<string, Translation>>> = {
  NotAuthorizedException: WRONG_PAIR,
  UserNotFoundException: WRONG_PAIR,
  PasswordResetRequiredException: {
    code: 'bad_credentials',
    detail: 'This password must be set anew: ask for a code by "forgot password".',
  },
  UserNotConfirmedException: {
    code: 'email_unconfirmed',
    detail: 'Enter the code that was sent to the address, or ask for a new one.',
  },
  UsernameExistsException: { code: 'email_taken', detail: 'Log in, or set a new password.' },
  InvalidPasswordException: { code: 'validation_failed', detail: 'See `errors` for what is wrong where.' },
  CodeMismatchException: WRONG_CODE,
  ExpiredCodeException: WRONG_CODE,
  TooManyRequestsException: SLOW_DOWN,
  TooManyFailedAttemptsException: SLOW_DOWN,
  LimitExceededException: SLOW_DOWN,
};

const MESSAGES: readonly (readonly [RegExp, Translation])[] = [
  [/disabled/i, { code: 'user_disabled', detail: 'Ask an administrator.' }],
  [/attempts exceeded/i, SLOW_DOWN],
];

function translationOf(error: Error): Translation | undefined {
  const special =
    error.name === 'NotAuthorizedException' && MESSAGES.find(([pattern]) => pattern.test(error.message));
  return special ? special[1] : TRANSLATIONS[error.name];
}

/** The one place where Cognito's words become ours; what is not in the table comes back as it is. */
export function translated(error: unknown, passwordField = 'password'): unknown {
  const translation = error instanceof Error ? translationOf(error) : undefined;
  if (!translation) return error;
  return new DukeError(translation.code, translation.detail, {
    cause: error,
    ...(translation.code === 'throttled' && { retryAfter: RETRY_SECONDS }),
    ...(translation.code === 'validation_failed' && {
      errors: [{ path: passwordField, message: 'does not follow the password rules' }],
    }),
  });
}

/** Code of an error after translation; undefined for what is not ours. */
export function codeOf(error: unknown): ErrorCode | undefined {
  const ours = translated(error);
  return ours instanceof DukeError ? ours.code : undefined;
}
