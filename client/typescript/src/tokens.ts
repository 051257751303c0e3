/** An access token and its expiry. */
export interface AccessToken {
  readonly accessToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Provides the access token of requests. */
export interface TokenSource {
  /** Undefined while nobody is signed in. */
  readonly current: () => AccessToken | undefined;
  /** Renews the token, or removes it if the refresh token is rejected. Concurrent calls share one request. */
  readonly renew: () => Promise<void>;
}

/** Tokens that expire sooner than this are renewed before use. */
const RENEW_BEFORE_MS = 60_000;

/** Whether a 401 is about the token. Other 401s are about a password, which a new token would not help. */
async function isTokenRefused(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null); // the gateway's own 401 is not JSON: the token is what it refuses
  return typeof body !== 'object' || body === null || !('code' in body) || body.code === 'unauthenticated';
}

/** `fetch` with the access token: renews it before it expires, and once more if the server rejects it. */
export function authorizedFetch(
  source: TokenSource,
  send: (request: Request) => Promise<Response>,
  now: () => number = Date.now,
): (request: Request) => Promise<Response> {
  const sendWith = (request: Request, token: string): Promise<Response> => {
    request.headers.set('authorization', `Bearer ${token}`);
    return send(request);
  };
  return async (request) => {
    const before = source.current();
    if (before && before.expiresAt - now() < RENEW_BEFORE_MS) await source.renew();
    const used = source.current()?.accessToken;
    if (used === undefined) return send(request);
    const copy = request.clone();
    const response = await sendWith(request, used);
    if (!(await isTokenRefused(response))) return response;
    if (source.current()?.accessToken === used) await source.renew();
    const renewed = source.current()?.accessToken;
    return renewed === undefined || renewed === used ? response : sendWith(copy, renewed);
  };
}
