import { DukeNet, type DukeNetOptions } from '../../../client/typescript/src/index.ts';

export interface SeenRequest {
  readonly route: string;
  readonly headers: Headers;
  readonly body: string;
}
type Answer = Response | Error;

/** A client whose requests are answered in order by these answers, and what it sent. The last answer repeats. */
export function fakeApi(answers: readonly (() => Answer)[], options: Partial<DukeNetOptions> = {}) {
  const seen: SeenRequest[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    const body = await request.clone().text();
    seen.push({ route: `${request.method} ${pathname}${search}`, headers: request.headers, body });
    const answer = answers[Math.min(seen.length, answers.length) - 1]!();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const duke = new DukeNet({
    baseUrl: 'http://api.test/',
    fetch,
    retries: { retries: 3, firstDelayMs: 1, maxDelayMs: 2 },
    ...options,
  });
  return { duke, seen };
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (): Response =>
    Response.json(body, { status, headers });

export const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  json(
    status,
    { type: `urn:dukenet:error:${code}`, title: code, status, detail: `${code}!`, code, request_id: 'r' },
    headers,
  );

export const lost = () => new TypeError('fetch failed');
