/** Errors of requests, from the client of the API. */
export { ApiError, hasCode, localProblem, unwrap } from '../../../../client/typescript/src/errors.ts';
export { isOutcomeUnknown, isRetryable } from '../../../../client/typescript/src/retries.ts';
