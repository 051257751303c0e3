import { useMutation, type MutateOptions, type UseMutationResult } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { saved } from '../saved/index.ts';
import { session } from '../session/index.ts';
import { ApiError, hasCode, isOutcomeUnknown, isRetryable, localProblem } from './problem.ts';

/**
 * One key per intention (docs/adr/0024): a form keeps its `Idempotency-Key` until a request under it is known to have
 * succeeded, so that a retry after a lost response, a second click and a second tab find the result of the first. A
 * changed form keeps the key too: if an earlier body was accepted, the server rejects the changed one, and nothing
 * happens twice.
 */
export interface Intention<Body> {
  readonly key: string;
  /** Bodies sent under the key with unknown outcome, newest first. */
  readonly unanswered: readonly Body[];
}

const MAX_UNANSWERED = 2;
const MAX_RETRIES = 5;
const FIRST_PAUSE_MS = 300;

export const newIntention = (): Intention<never> => ({ key: crypto.randomUUID(), unanswered: [] });

const others = <Body>(unanswered: readonly Body[], body: Body): Body[] => {
  const text = JSON.stringify(body);
  return unanswered.filter((one) => JSON.stringify(one) !== text);
};
/** The pending bodies when a request is sent. */
export const withSent = <Body>(unanswered: readonly Body[], body: Body): Body[] =>
  [body, ...others(unanswered, body)].slice(0, MAX_UNANSWERED);
/** The pending bodies when a request is rejected. */
export const withoutRefused = others;

/** Retries a request under the same key for ten seconds, until its outcome is known. */
export const untilAnswered = {
  retry: (failures: number, error: Error): boolean => failures < MAX_RETRIES && isRetryable(error, true),
  retryDelay: (failures: number, error: Error): number =>
    error instanceof ApiError && error.retryAfter !== undefined
      ? error.retryAfter * 1000
      : FIRST_PAUSE_MS * 2 ** failures,
};
const wentThroughBefore = (cause: unknown): ApiError =>
  new ApiError(
    localProblem(
      409,
      'earlier_try_succeeded',
      'An earlier try went through',
      'Its answer was lost on the way. Nothing else was done now: look at what is there before you send another.',
    ),
    { cause },
  );

/**
 * Stores an intention under a name so that it survives a reload; without a name, or while nobody is signed in, only
 * until the page is left.
 */
function intentionKeeper<Body>(name: string | undefined) {
  const state = session.get();
  const userId = state.status === 'signed_in' ? state.user.id : undefined;
  const place =
    name !== undefined && userId !== undefined ? { userId, name: `intention:${name}` } : undefined;
  const stored = place && (saved.read(place.userId, place.name) as Intention<Body> | undefined);
  let now: Intention<Body> = stored ?? newIntention();
  return {
    get: () => now,
    set: (next: Intention<Body>) => {
      now = next;
      if (!place) return;
      if (next.unanswered.length > 0) saved.write(place.userId, place.name, next);
      else saved.remove(place.userId, place.name);
    },
  };
}

type Mutate<Body, Answer> = (body: Body, options?: MutateOptions<Answer, Error, Body>) => void;

/** `mutate` that ignores calls while one is running: two clicks may come before the button is disabled. */
export function useOneAtATime<Body, Answer>(
  mutation: UseMutationResult<Answer, Error, Body>,
): Mutate<Body, Answer> {
  const running = useRef(false);
  const start = mutation.mutate as Mutate<Body, Answer>; // its own type makes a body optional that may be void
  return (body, options) => {
    if (running.current) return;
    running.current = true;
    start(body, {
      ...options,
      onSettled: (...outcome) => {
        running.current = false;
        options?.onSettled?.(...outcome);
      },
    });
  };
}

interface Options<Body, Answer> {
  /** Sends one request with its `Idempotency-Key`. */
  readonly send: (body: Body, key: string) => Promise<Answer>;
  /** Name under which a body without a response is stored. Omit it if the body must not be stored. */
  readonly name?: string;
  readonly onSuccess?: (answer: Answer) => unknown;
  readonly onSettled?: () => unknown;
}

/**
 * A POST that takes effect once per intention: it is retried until its outcome is known, and a second call while one
 * is running is ignored. After a success the next call is a new intention.
 */
export function useOnce<Body, Answer>({ send, name, onSuccess, onSettled }: Options<Body, Answer>) {
  const [keeper] = useState(() => intentionKeeper<Body>(name));
  const [unanswered, setUnanswered] = useState(keeper.get().unanswered[0]);
  const become = (next: Intention<Body>) => {
    keeper.set(next);
    setUnanswered(next.unanswered[0]);
  };
  const mutation = useMutation<Answer, Error, Body>({
    ...untilAnswered,
    mutationFn: (body) =>
      send(body, keeper.get().key).catch((error: unknown) => {
        throw hasCode(error, 'idempotency_key_reused') ? wentThroughBefore(error) : error;
      }),
    onMutate: (body) => {
      const { key, unanswered: before } = keeper.get();
      keeper.set({ key, unanswered: withSent(before, body) });
    },
    onSuccess: (answer) => {
      become(newIntention());
      return onSuccess?.(answer);
    },
    onError: (error, body) => {
      const { key, unanswered: before } = keeper.get();
      if (hasCode(error, 'earlier_try_succeeded')) become(newIntention());
      else become({ key, unanswered: isOutcomeUnknown(error) ? before : withoutRefused(before, body) });
    },
    onSettled,
  });
  return {
    ...mutation,
    mutate: useOneAtATime(mutation),
    /** A body that was sent without a response: sending it again has no second effect. */
    unanswered,
    /** Discards the body without a response: what is sent next is a new intention. */
    startAnew: () => become(newIntention()),
  };
}
export type Once<Body, Answer> = ReturnType<typeof useOnce<Body, Answer>>;
