import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  IdempotencyValidationError,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { Context as LambdaContext } from 'aws-lambda';
import { DukeError } from '../../../contracts/errors.ts';
import { canonicalJson } from '../ids.ts';

const DAY_SECONDS = 24 * 60 * 60;

export interface IdempotentRequest {
  /** The client's key: 1 to 255 printable characters. */
  readonly key: string;
  /** Caller and route: the scope of keys. */
  readonly scope: string;
  /** The stored answer is valid only for an equal payload. */
  readonly payload: unknown;
  readonly lambdaContext: LambdaContext;
}

/** A stored answer. Text, so that absent fields stay absent. */
export interface Remembered {
  readonly answer: string;
  readonly replayed: boolean;
}

export type Remember = (request: IdempotentRequest, run: () => Promise<string>) => Promise<Remembered>;

/**
 * Runs a request once per key and day (Powertools Idempotency). Only successes are stored. After a crash between the
 * work and storing its response the work runs again, so operations that create derive their ids from the key. Only
 * for authenticated routes without secrets in request or response: the record holds a hash of the request, and the
 * response.
 * Not the middy middleware of Powertools 2.35, which deletes the record if the body changed and then runs twice.
 */
export function remembering(tableName: string): Remember {
  return async (request, run) => {
    let replayed = false;
    const wrapped = makeIdempotent(async (_request: { key: string; payload: string }) => run(), {
      persistenceStore: new DynamoDBPersistenceLayer({
        tableName,
        keyAttr: 'pk',
        sortKeyAttr: 'sk',
        staticPkValue: `IDEMPOTENCY#${request.scope}`,
        expiryAttr: 'ttl',
      }),
      config: new IdempotencyConfig({
        eventKeyJmesPath: 'key',
        payloadValidationJmesPath: 'payload',
        expiresAfterSeconds: DAY_SECONDS,
        hashFunction: 'sha256',
        lambdaContext: request.lambdaContext,
        responseHook: (response) => {
          replayed = true;
          return response;
        },
      }),
    });
    try {
      const answer = await wrapped({ key: request.key, payload: canonicalJson(request.payload) });
      return { answer, replayed };
    } catch (error) {
      if (error instanceof IdempotencyValidationError) {
        throw new DukeError('idempotency_key_reused', 'Use a new key for a new request.', { cause: error });
      }
      if (error instanceof IdempotencyAlreadyInProgressError) {
        throw new DukeError('idempotency_in_progress', 'Ask again in a moment.', {
          cause: error,
          retryAfter: 1,
        });
      }
      throw error;
    }
  };
}
