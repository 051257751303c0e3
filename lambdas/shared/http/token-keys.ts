import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { DukeError } from '../../../contracts/errors.ts';

const TRIES = 2;
const TIMEOUT_MS = 3_000;

async function download(uri: string): Promise<ArrayBuffer> {
  const response = await fetch(uri, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${uri} answered ${response.status}`);
  return response.arrayBuffer();
}

/**
 * The public keys of the issuer, fetched when first needed and kept. aws-jwt-verify's own fetcher speaks TLS only, which
 * the local stage does not; and that the keys cannot be had is our trouble (503), not a fault of the token (401).
 */
export const tokenKeys = (): SimpleJwksCache =>
  new SimpleJwksCache({
    fetcher: {
      async fetch(uri) {
        let cause: unknown;
        for (let tried = 0; tried < TRIES; tried++) {
          try {
            return await download(uri);
          } catch (error) {
            cause = error;
          }
        }
        throw new DukeError('unavailable', 'Tokens cannot be checked at this moment.', {
          cause,
          retryAfter: 5,
        });
      },
    },
  });
