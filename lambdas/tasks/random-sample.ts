import { createHash } from 'node:crypto';

/**
 * A uniform sample of a stream of unknown length (Vitter's algorithm R), in the order of the stream. The same seed and stream
 * give the same sample.
 */
export class RandomSample<T> {
  readonly #kept: { readonly position: number; readonly value: T }[] = [];
  #seen = 0;
  readonly #size: number;
  readonly #seed: string;

  constructor(size: number, seed: string) {
    this.#size = size;
    this.#seed = seed;
  }

  add(value: T): void {
    const entry = { position: this.#seen, value };
    this.#seen += 1;
    if (this.#kept.length < this.#size) {
      this.#kept.push(entry);
      return;
    }
    const place = this.#randomBelow(this.#seen);
    if (place < this.#size) this.#kept[place] = entry;
  }

  get items(): T[] {
    return [...this.#kept].sort((a, b) => a.position - b.position).map(({ value }) => value);
  }

  /** Uniform in 0..bound−1; the bias of the modulo is below 2⁻³⁵ for a million values. */
  #randomBelow(bound: number): number {
    const digest = createHash('sha256').update(`${this.#seed}#${this.#seen}`).digest();
    return Number(digest.readBigUInt64BE() % BigInt(bound));
  }
}
