import type { Kind } from '../../contracts/entities/common.ts';
import type { ItemPayload } from '../../contracts/serving/invocation.ts';

/**
 * Maximum items per chunk, so that a chunk of long texts finishes well within the endpoint's 60 s on the slowest stage
 * (model/README.md). Generating one text takes up to 10 s and the model has 50 s per request, hence five per chunk.
 */
export const MAX_CHUNK_ITEMS: Readonly<Record<Kind, number>> = {
  classification: 50,
  regression: 50,
  generation: 5,
};
/** Half of the 6 MB that InvokeEndpoint accepts; the rest is room for the envelope and for long labels. */
export const MAX_CHUNK_BYTES = 3 * 1024 * 1024;

/** Collects items until a chunk is full. */
export class Chunker {
  #items: ItemPayload[] = [];
  #bytes = 0;
  readonly #maxItems: number;

  constructor(kind: Kind) {
    this.#maxItems = MAX_CHUNK_ITEMS[kind];
  }

  /** Adds an item. @returns the previous chunk if `item` no longer fitted into it, else undefined */
  add(item: ItemPayload): ItemPayload[] | undefined {
    const bytes = Buffer.byteLength(JSON.stringify(item));
    const full =
      this.#items.length >= this.#maxItems ||
      (this.#bytes + bytes > MAX_CHUNK_BYTES && this.#items.length > 0);
    const done = full ? this.flush() : undefined;
    this.#items.push(item);
    this.#bytes += bytes;
    return done;
  }

  /** @returns the items not yet returned, or undefined if there are none */
  flush(): ItemPayload[] | undefined {
    if (this.#items.length === 0) return undefined;
    const chunk = this.#items;
    this.#items = [];
    this.#bytes = 0;
    return chunk;
  }
}
