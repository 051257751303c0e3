import type { ItemPayload } from '../../contracts/serving/invocation.ts';

/** Sized so that a chunk of long texts ends well within the endpoint's 60 s on the slowest stage (model/README.md). */
export const MAX_CHUNK_ITEMS = 50;
/** InvokeEndpoint takes 6 MB; half of it leaves room for the envelope and for long labels. */
export const MAX_CHUNK_BYTES = 3 * 1024 * 1024;

/** Collects items until a chunk is full. */
export class Chunker {
  #items: ItemPayload[] = [];
  #bytes = 0;

  /** @returns a full chunk that `item` no longer fits into, or undefined */
  add(item: ItemPayload): ItemPayload[] | undefined {
    const bytes = Buffer.byteLength(JSON.stringify(item));
    const full =
      this.#items.length >= MAX_CHUNK_ITEMS ||
      (this.#bytes + bytes > MAX_CHUNK_BYTES && this.#items.length > 0);
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
