import type { Wrap } from './marketplace.ts';

/** A service that the use case calls failed. */
export class Crash extends Error {}

export type CrashPoint = 'before' | 'after';
/**
 * What happens at one call: the call never arrives (throttled, cancelled by a conflict), its answer is lost, or something
 * else runs first (another request, a duplicate delivery).
 */
export type Fault = CrashPoint | (() => Promise<unknown>);

/** Disturbs one call of a use case: the n-th from when it is armed. */
export class Saboteur {
  calls = 0;
  #armed = false;
  #at = 0;
  #fault: Fault = 'before';

  /** @param at 1 for the next call; 0 counts calls and disturbs none */
  arm(at: number, fault: Fault): void {
    this.calls = 0;
    this.#armed = true;
    this.#at = at;
    this.#fault = fault;
  }
  disarm(): void {
    this.#armed = false;
  }

  readonly wrap: Wrap = (target) =>
    new Proxy(target, {
      get: (object, name): unknown => {
        const value: unknown = Reflect.get(object, name);
        if (typeof value !== 'function') return value;
        // An async generator is called where its first value is read.
        if (value.constructor.name === 'AsyncGeneratorFunction') return value.bind(object) as unknown;
        return (...args: unknown[]): unknown => this.#call(() => value.apply(object, args) as unknown);
      },
    });

  async #call(run: () => unknown): Promise<unknown> {
    if (!this.#armed || ++this.calls !== this.#at) return run();
    if (this.#fault === 'before') throw new Crash('before');
    if (this.#fault === 'after') {
      await run();
      throw new Crash('after');
    }
    this.disarm(); // What runs in between is not disturbed itself, and its calls are not counted.
    await this.#fault();
    return run();
  }
}

/** What a queue, or a client that got no answer, does: the same again. */
export async function again<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    return step();
  }
}
