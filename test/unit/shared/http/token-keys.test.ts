import { afterEach, describe, expect, it, vi } from 'vitest';
import { tokenKeys } from '../../../../lambdas/shared/http/token-keys.ts';

const URI = 'https://issuer.example/jwks.json';
const KEYS = { keys: [{ kid: '1', kty: 'RSA', use: 'sig', n: 'AQAB', e: 'AQAB' }] };

/** An issuer whose first answers fail. */
function issuerFailing(times: number) {
  const download = vi.fn(async () => {
    if (download.mock.calls.length <= times) throw new TypeError('fetch failed');
    return Response.json(KEYS);
  });
  vi.stubGlobal('fetch', download);
  return download;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the keys of the issuer', () => {
  it('are downloaded again once', async () => {
    const download = issuerFailing(1);
    expect(await tokenKeys().getJwks(URI)).toEqual(KEYS);
    expect(download).toHaveBeenCalledTimes(2);
  });

  it('are unavailable after that, which does not make the token invalid', async () => {
    const download = issuerFailing(2);
    const error: unknown = await tokenKeys()
      .getJwks(URI)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unavailable', cause: { message: 'fetch failed' } });
    expect(download).toHaveBeenCalledTimes(2);
  });
});
