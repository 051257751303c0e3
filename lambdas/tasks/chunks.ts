import type { Kind } from '../../contracts/entities/common.ts';
import type { ItemPayload } from '../../contracts/serving/invocation.ts';

/**
 * Sized so that a chunk of long texts ends well within the endpoint's 60 s on the slowest stage (model/README.md). A text
 * may take ten seconds to write, and the model answers within 50: of more, the last would be written in a hurry.
 */
export const MAX_CHUNK_ITEMS: Readonly<Record<Kind, number>> = {
  classification: 50,
  regression: 50,
  generation: 5,
};
/** InvokeEndpoint takes 6 MB; half of it leaves room for the envelope and for long labels. */
export const MAX_CHUNK_BYTES = 3 * 1024 * 1024;

/** Collects items until a chunk is full. */
export class Chunker {
  #items: ItemPayload[] = [];
  #bytes = 0;
  readonly #most: number;

  constructor(kind: Kind) {
    this.#most = MAX_CHUNK_ITEMS[kind];
  }

  /** @returns a full chunk that `item` no longer fits into, or undefined */
  add(item: ItemPayload): ItemPayload[] | undefined {
    const bytes = Buffer.byteLength(JSON.stringify(item));
    const full =
      this.#items.length >= this.#most || (this.#bytes + bytes > MAX_CHUNK_BYTES && this.#items.length > 0);
    const done = full ? this.flush() : undefined;
    this.#items.push(item);
    this.#bytes += bytes;
    return done;
  }

  /** @returns what is left, or undefined */
  flush(): ItemPayload[] | undefined {
    if (this.#items.length === 0) return undefined;
    const chunk = this.#items;
    this.#items = [];
    this.#bytes = 0;
    return chunk;
  }
}
