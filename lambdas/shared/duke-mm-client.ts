import {
  InternalDependencyException,
  InternalFailure,
  ModelError,
  ModelNotReadyException,
  SageMakerRuntimeClient,
  InvokeEndpointCommand,
  ServiceUnavailable,
} from '@aws-sdk/client-sagemaker-runtime';
import {
  customAttributes,
  instanceOf,
  InvocationError,
  InvocationResponse,
} from '../../contracts/serving/invocation.ts';
import type { InvocationRequest } from '../../contracts/serving/invocation.ts';

export type Invocation =
  | {
      readonly outcome: 'answered';
      readonly response: InvocationResponse;
      /** Id of the endpoint instance that answered; undefined for containers of earlier releases. */
      readonly instance?: string;
    }
  /** No capacity at present. The task waits, and this does not count as an attempt. */
  | { readonly outcome: 'busy'; readonly why: string; readonly retryAfterSeconds: number | undefined }
  /** The model rejects this request for good. `why` is shown to the buyer. */
  | { readonly outcome: 'refused'; readonly why: string };

export interface DukeMMClient {
  /**
   * @param signal aborts the request
   * @throws Error for transient faults, which count as failed attempts
   */
  invoke(request: InvocationRequest, version: string, signal?: AbortSignal): Promise<Invocation>;
}

/** The model has a deadline of 50 s; SageMaker's limit is 60 s. */
const REQUEST_TIMEOUT_MS = 65_000;

const BUSY_NAMES = new Set(['ThrottlingException', 'ThrottledException', 'TooManyRequestsException']);
const CONNECTION = /ECONNREFUSED|ECONNRESET|EPIPE|socket hang up|other side closed/i;

/** The endpoint cannot be reached, which is retried by the queue. */
const isCapacity = (error: Error): boolean =>
  error instanceof ServiceUnavailable ||
  error instanceof ModelNotReadyException ||
  error instanceof InternalDependencyException ||
  error instanceof InternalFailure ||
  BUSY_NAMES.has(error.name) ||
  (error.name === 'ValidationError' && /not in service|not found|could not find/i.test(error.message)) ||
  CONNECTION.test(`${error.message} ${String((error as { code?: unknown }).code)}`);

function fromModelError(error: ModelError): Invocation {
  const text = error.OriginalMessage ?? '';
  const parsed = InvocationError.safeParse(parseJson(text));
  const status = error.OriginalStatusCode ?? 500;
  if (status === 503 || status === 429) {
    return {
      outcome: 'busy',
      why: parsed.data?.message ?? 'the model is busy',
      retryAfterSeconds: parsed.data?.retry_after_seconds,
    };
  }
  if (status >= 400 && status < 500) {
    return { outcome: 'refused', why: parsed.data?.message ?? `the model refused it with status ${status}` };
  }
  throw error;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Not an error body of our container; only the status counts.
  }
}

/** One attempt per call: the queue retries without occupying a function while it waits. */
export function sageMakerClient(
  endpointName: string,
  client = new SageMakerRuntimeClient({
    maxAttempts: 1,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS },
  }),
): DukeMMClient {
  return {
    async invoke(request, version, signal) {
      try {
        const { Body, CustomAttributes } = await client.send(
          new InvokeEndpointCommand({
            EndpointName: endpointName,
            ContentType: 'application/json',
            Accept: 'application/json',
            CustomAttributes: customAttributes(version),
            Body: JSON.stringify(request),
          }),
          signal && { abortSignal: signal },
        );
        const response = InvocationResponse.parse(JSON.parse(Body.transformToString()));
        const instance = instanceOf(CustomAttributes);
        return { outcome: 'answered', response, ...(instance !== undefined && { instance }) };
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        if (error instanceof ModelError) return fromModelError(error);
        if (isCapacity(error)) return { outcome: 'busy', why: error.message, retryAfterSeconds: undefined };
        throw error;
      }
    },
  };
}
