import type { Wrap } from './marketplace.ts';

export class Crash extends Error {}

export type CrashPoint = 'before' | 'after';

/** Dies once, at the n-th call from when it is armed: before it reaches the other side, or after, when its answer is lost. */
export class Saboteur {
  calls = 0;
  #armed = false;
  #at = 0;
  #when: CrashPoint = 'before';

  /** @param at 1 for the next call; 0 counts calls and never dies */
  arm(at: number, when: CrashPoint): void {
    this.calls = 0;
    this.#armed = true;
    this.#at = at;
    this.#when = when;
  }
  disarm(): void {
    this.#armed = false;
  }

  readonly wrap: Wrap = (target) =>
    new Proxy(target, {
      get: (object, name): unknown => {
        const value: unknown = Reflect.get(object, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => this.#call(() => value.apply(object, args) as unknown);
      },
    });

  async #call(run: () => unknown): Promise<unknown> {
    const hit = this.#armed && ++this.calls === this.#at;
    if (hit && this.#when === 'before') throw new Crash('before');
    const answer = await run();
    if (hit) throw new Crash('after');
    return answer;
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
