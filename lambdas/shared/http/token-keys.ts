import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { DukeError } from '../../../contracts/errors.ts';
import { retry } from '../retry.ts';

const RETRIES = { attempts: 2, isRetryable: () => true };
const TIMEOUT_MS = 3_000;

async function download(uri: string): Promise<ArrayBuffer> {
  const response = await fetch(uri, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${uri} answered ${response.status}`);
  return response.arrayBuffer();
}

/**
 * Public keys of the issuer, fetched on first use and cached. aws-jwt-verify's own fetcher supports only HTTPS, and the
 * local stage has HTTP; and an unreachable issuer is a fault of the service (503), not of the token (401).
 */
export const tokenKeys = (): SimpleJwksCache =>
  new SimpleJwksCache({
    fetcher: {
      async fetch(uri) {
        try {
          return await retry(() => download(uri), RETRIES);
        } catch (cause) {
          throw new DukeError('unavailable', 'Tokens cannot be checked at this moment.', {
            cause,
            retryAfter: 5,
          });
        }
      },
    },
  });
