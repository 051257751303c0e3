import { LIMITS } from '../../../contracts/limits.ts';
import { Unreadable } from '../../shared/tables/unreadable.ts';
import { assertNothingHidden } from '../hidden.ts';

/** Findings of the structural inspection of a sound. Samples are not decoded. */
export interface Sound {
  readonly seconds: number;
  readonly channels: number;
  readonly sampleRate: number;
}

/** Sums up titles, covers and other parts of a file that are not sound. @throws Unreadable */
export class SoundTags {
  #bytes = 0;

  /** @throws Unreadable if tags are large, or contain a document */
  add(block: Buffer): void {
    this.#bytes += block.length;
    if (this.#bytes > LIMITS.soundTags.value)
      throw new Unreadable(
        `The sound carries more than ${LIMITS.soundTags.value} bytes that are not sound, such as a cover picture.`,
      );
    assertNothingHidden(block);
  }
}

export const truncated = (): Unreadable => new Unreadable('The sound is truncated.');
export const broken = (fault: string): Unreadable => new Unreadable(`The sound is broken: ${fault}.`);
