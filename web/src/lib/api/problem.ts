import type { components } from './schema.gen.d.ts';

type Problem = components['schemas']['Problem'];

/** A request that did not get its documented success: the server's problem+json, or what stands in for it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Problem;
  /** Seconds to wait before another try, where the server named them. */
  readonly retryAfter: number | undefined;

  constructor(problem: Problem, options: { retryAfter?: number; cause?: unknown } = {}) {
    super(problem.detail || problem.title, { cause: options.cause });
    this.problem = problem;
    this.retryAfter = options.retryAfter;
  }

  get code(): string {
    return this.problem.code;
  }
  get status(): number {
    return this.problem.status;
  }
}

export const hasCode = (error: unknown, code: string): error is ApiError =>
  error instanceof ApiError && error.code === code;

/** A problem that the page itself has found, in the form of the server's. */
export const localProblem = (status: number, code: string, title: string, detail: string): Problem => ({
  type: 'about:blank',
  title,
  status,
  detail,
  code,
  request_id: '',
});

/** The gateway answers 413, 429 and 503 by itself, in a form of its own. */
const GATEWAY: Record<number, [code: string, detail: string]> = {
  413: ['body_too_large', 'This is too large to send in one request.'],
  429: ['throttled', 'Too many requests at once. Please wait a moment and try again.'],
  502: ['unavailable', 'DukeNET does not answer at the moment. Please try again.'],
  503: ['unavailable', 'DukeNET is busy at the moment. Please try again.'],
  504: ['unavailable', 'DukeNET took too long to answer. Please try again.'],
};

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'title' in body;
}

export function errorOf(response: Response, body: unknown): ApiError {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) ? { retryAfter: seconds } : {};
  if (isProblem(body)) return new ApiError(body, retryAfter);
  const [code, detail] = GATEWAY[response.status] ?? ['internal', 'Something went wrong on our side.'];
  return new ApiError(localProblem(response.status, code, 'The request failed', detail), retryAfter);
}

/** Awaits a call of the client: the body of a success, else an `ApiError`. */
export async function unwrap<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<NonNullable<T>> {
  const answer = await call.catch((cause: unknown) => {
    throw new ApiError(
      localProblem(0, 'unreachable', 'No connection', 'DukeNET cannot be reached. Check your connection.'),
      { cause },
    );
  });
  if (!answer.response.ok) throw errorOf(answer.response, answer.error);
  return answer.data as NonNullable<T>; // a 204 has none, and its caller uses none
}
