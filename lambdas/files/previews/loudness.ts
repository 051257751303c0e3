/** Samples that make one measurement. */
const WINDOW = 1024;
/** Decimals of a peak. */
const STEPS = 100;

/** Collects the peak of each window of samples, and sums them up for a picture of a sound. */
export class Loudness {
  readonly #peaks: number[] = [];
  #peak = 0;
  #count = 0;

  /** Samples of all channels from −1 to 1. */
  add(channels: readonly Float32Array[]): void {
    const length = Math.min(...channels.map((samples) => samples.length));
    for (let at = 0; at < length; at++) {
      for (const samples of channels) this.#peak = Math.max(this.#peak, Math.abs(samples[at] ?? 0));
      this.#count += 1;
      if (this.#count === WINDOW) this.#close();
    }
  }

  /** The loudest of each of `count` equal spans, 0 to 1; fewer where the sound is short. */
  spans(count: number): number[] {
    if (this.#count > 0) this.#close();
    const spans = Math.min(count, this.#peaks.length);
    return Array.from({ length: spans }, (_, i) => {
      const from = Math.floor((i * this.#peaks.length) / spans);
      const to = Math.max(from + 1, Math.floor(((i + 1) * this.#peaks.length) / spans));
      const peak = this.#peaks.slice(from, to).reduce((a, b) => Math.max(a, b), 0);
      return Math.round(Math.min(1, peak) * STEPS) / STEPS;
    });
  }

  #close(): void {
    this.#peaks.push(this.#peak);
    this.#peak = 0;
    this.#count = 0;
  }
}
