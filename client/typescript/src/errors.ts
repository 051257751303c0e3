import type { Schemas } from './types.ts';

export type Problem = Schemas['Problem'];

/**
 * A request without its documented success: the problem+json of the server, or an equivalent for a gateway error or a
 * lost response.
 */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly problem: Problem;
  /** Seconds to wait before the next attempt, if the server names them. */
  readonly retryAfter: number | undefined;

  constructor(problem: Problem, options: { retryAfter?: number; cause?: unknown } = {}) {
    super(problem.detail || problem.title, { cause: options.cause });
    this.problem = problem;
    this.retryAfter = options.retryAfter;
  }
  /** Stable identifier of the error type, for example `insufficient_funds`. */
  get code(): string {
    return this.problem.code;
  }
  /** The HTTP status; 0 if no response arrived. */
  get status(): number {
    return this.problem.status;
  }
}

/** A task did not end in time. It continues; its id is in `taskId`. */
export class TaskTimeoutError extends Error {
  override readonly name = 'TaskTimeoutError';
  readonly taskId: string;
  constructor(taskId: string, timeoutMs: number) {
    super(`Task ${taskId} did not end within ${timeoutMs / 1000} s.`);
    this.taskId = taskId;
  }
}

/** The inspection rejected an uploaded file; `file.rejected_reason` says why. */
export class FileRejectedError extends Error {
  override readonly name = 'FileRejectedError';
  readonly file: Schemas['File'];
  constructor(file: Schemas['File']) {
    super(`The file ${file.filename} was rejected: ${file.rejected_reason ?? 'no reason given'}.`);
    this.file = file;
  }
}

export const hasCode = (error: unknown, code: string): error is ApiError =>
  error instanceof ApiError && error.code === code;

/** A problem detected by the client, in the format of the server's. */
export const localProblem = (status: number, code: string, title: string, detail: string): Problem => ({
  type: 'about:blank',
  title,
  status,
  detail,
  code,
  request_id: '',
});

/** Statuses that the gateway answers without problem+json. */
const GATEWAY_PROBLEMS: Readonly<Record<number, readonly [code: string, detail: string]>> = {
  413: ['body_too_large', 'This is too large to send in one request.'],
  429: ['throttled', 'Too many requests at once. Please wait a moment and try again.'],
  502: ['unavailable', 'DukeNET does not answer at the moment. Please try again.'],
  503: ['unavailable', 'DukeNET is busy at the moment. Please try again.'],
  504: ['unavailable', 'DukeNET took too long to answer. Please try again.'],
};

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && 'title' in body;

/** Delay of a Retry-After header in seconds; the form with a date is not used by this API. */
function retryAfterOf(response: Response): { retryAfter?: number } {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? { retryAfter: seconds } : {};
}

export function errorOf(response: Response, body: unknown): ApiError {
  const retryAfter = retryAfterOf(response);
  if (isProblem(body)) return new ApiError(body, retryAfter);
  const [code, detail] = GATEWAY_PROBLEMS[response.status] ?? [
    'internal',
    'Something went wrong on our side.',
  ];
  return new ApiError(localProblem(response.status, code, 'The request failed', detail), retryAfter);
}

const unreachable = (cause: unknown): ApiError =>
  new ApiError(
    localProblem(0, 'unreachable', 'No connection', 'DukeNET cannot be reached. Check your connection.'),
    { cause },
  );

/** `fetch` rejects with a TypeError when no answer arrives; a SyntaxError is an answer that was cut off. */
const isAnswerLost = (error: unknown): boolean => error instanceof TypeError || error instanceof SyntaxError;

/** Awaits a request. @throws ApiError with status 0 if no usable response arrives; rethrows other errors */
export const answered = <T>(request: Promise<T>): Promise<T> =>
  request.catch((cause: unknown) => {
    throw isAnswerLost(cause) ? unreachable(cause) : cause;
  });

/** The body of a success. @throws ApiError otherwise; rethrows errors of the request, such as an `AbortError` */
export async function unwrap<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<NonNullable<T>> {
  const answer = await answered(call);
  if (!answer.response.ok) throw errorOf(answer.response, answer.error);
  return answer.data as NonNullable<T>; // a 204 has none, and its caller uses none
}
