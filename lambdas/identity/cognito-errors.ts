import { DukeError } from '../../contracts/errors.ts';
import type { ErrorCode, FieldError } from '../../contracts/errors.ts';

interface Translation {
  readonly code: ErrorCode;
  readonly detail: string;
  /** The fault of the field that Cognito rejected, if it rejected one. */
  readonly fault?: string;
}

const WRONG_PAIR: Translation = { code: 'bad_credentials', detail: 'Check both and try again.' };
const WRONG_CODE: Translation = { code: 'code_invalid', detail: 'Ask for a new code and try again.' };
const SLOW_DOWN: Translation = { code: 'throttled', detail: 'Too many tries. Wait a moment.' };
const UNAVAILABLE: Translation = {
  code: 'unavailable',
  detail: 'Accounts cannot be reached at this moment. Try again.',
};
const DISABLED: Translation = { code: 'user_disabled', detail: 'Ask an administrator.' };
const SEE_ERRORS = 'See `errors` for what is wrong where.';
const RETRY_SECONDS = 30;

/**
 * Cognito's exceptions by name. A test compares the table with the SDK: each exception is here, in `OF_OUR_MAKING`, or one
 * that our calls cannot cause.
 */
const TRANSLATIONS: ReadonlyMap<string, Translation> = new Map([
  ['NotAuthorizedException', WRONG_PAIR],
  ['UnauthorizedException', WRONG_PAIR],
  ['UserNotFoundException', WRONG_PAIR],
  [
    'PasswordResetRequiredException',
    {
      code: 'bad_credentials',
      detail: 'Reset this password: request a code with "Forgot password".',
    },
  ],
  [
    'UserNotConfirmedException',
    {
      code: 'email_unconfirmed',
      detail: 'Enter the code that was sent to the address, or ask for a new one.',
    },
  ],
  ['UsernameExistsException', { code: 'email_taken', detail: 'Log in, or set a new password.' }],
  ['AliasExistsException', { code: 'email_taken', detail: 'Log in, or set a new password.' }],
  [
    'InvalidPasswordException',
    { code: 'validation_failed', detail: SEE_ERRORS, fault: 'does not follow the password rules' },
  ],
  [
    'PasswordHistoryPolicyViolationException',
    { code: 'validation_failed', detail: SEE_ERRORS, fault: 'was used before' },
  ],
  ['InvalidParameterException', { code: 'validation_failed', detail: SEE_ERRORS, fault: 'is not allowed' }],
  [
    'UserLambdaValidationException',
    { code: 'validation_failed', detail: SEE_ERRORS, fault: 'was refused by a rule of this service' },
  ],
  ['CodeMismatchException', WRONG_CODE],
  ['ExpiredCodeException', WRONG_CODE],
  ['TooManyRequestsException', SLOW_DOWN],
  ['TooManyFailedAttemptsException', SLOW_DOWN],
  ['LimitExceededException', SLOW_DOWN],
  ['ForbiddenException', SLOW_DOWN], // Rejected by a web application firewall.
  ['UnsupportedTokenTypeException', { code: 'refresh_token_invalid', detail: 'Log in again.' }],
  ['RefreshTokenReuseException', { code: 'refresh_token_invalid', detail: 'Log in again.' }],
  ['UnsupportedUserStateException', DISABLED],
  ['CodeDeliveryFailureException', UNAVAILABLE],
  ['ConcurrentModificationException', UNAVAILABLE],
  ['InternalErrorException', UNAVAILABLE],
  ['InternalServerException', UNAVAILABLE],
  ['ServiceQuotaExceededException', UNAVAILABLE],
  ['UnexpectedLambdaException', UNAVAILABLE],
  ['InvalidLambdaResponseException', UNAVAILABLE],
]);

/** Faulty configuration of the pool or its permissions: answered with 500 and logged in full. */
export const OF_OUR_MAKING: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'FeatureUnavailableInTierException',
  'InvalidEmailRoleAccessPolicyException',
  'InvalidOAuthFlowException',
  'InvalidSmsRoleAccessPolicyException',
  'InvalidSmsRoleTrustRelationshipException',
  'InvalidUserPoolConfigurationException',
  'MFAMethodNotFoundException',
  'OperationNotEnabledException',
  'ResourceNotFoundException',
  'SoftwareTokenMFANotFoundException',
  'UnsupportedOperationException',
  'UserPoolAddOnNotEnabledException',
]);

/** Cases that Cognito distinguishes only by the message of an exception. */
const MESSAGES: readonly (readonly [RegExp, Translation])[] = [
  [/disabled/i, DISABLED],
  [/attempts exceeded/i, SLOW_DOWN],
  [/access token/i, { code: 'unauthenticated', detail: 'This session is over: log in again.' }],
];

function translationOf(error: Error): Translation | undefined {
  const special =
    error.name === 'NotAuthorizedException' && MESSAGES.find(([pattern]) => pattern.test(error.message));
  return special ? special[1] : TRANSLATIONS.get(error.name);
}

/** Fields of a request, by Cognito's names. */
export type FieldNames = Readonly<
  Partial<
    Record<'password' | 'proposedPassword' | 'previousPassword' | 'username' | 'confirmationCode', string>
  >
>;

/** "1 validation error detected: Value at 'password' failed to satisfy constraint: …": extracts the field. */
const CONSTRAINT = /[Vv]alue (?:at|for) '(\w+)'/;

export function refusedField(error: Error, fields: FieldNames): string | undefined {
  const named = CONSTRAINT.exec(error.message)?.[1];
  if (named !== undefined) return fields[named as keyof FieldNames];
  if (error.name === 'InvalidParameterException') return undefined;
  return fields.proposedPassword ?? fields.password;
}

function fieldErrors(error: Error, fields: FieldNames, fault: string): FieldError[] {
  const field = refusedField(error, fields);
  // If Cognito names no field, any of those sent may be at fault.
  const paths = field === undefined ? Object.values(fields) : [field];
  return paths.map((path) => ({ path, message: fault }));
}

/** Translates an error of Cognito; returns faults of our own as they are. */
export function translated(error: unknown, fields: FieldNames = {}): unknown {
  if (!(error instanceof Error)) return error;
  const translation = translationOf(error);
  if (!translation) return error;
  const { code, detail, fault } = translation;
  return new DukeError(code, detail, {
    cause: error,
    ...((code === 'throttled' || code === 'unavailable') && { retryAfter: RETRY_SECONDS }),
    ...(fault !== undefined && { errors: fieldErrors(error, fields, fault) }),
  });
}

/** Code of a translated error; undefined for other errors. */
export function codeOf(error: unknown): ErrorCode | undefined {
  const ours = translated(error);
  return ours instanceof DukeError ? ours.code : undefined;
}
