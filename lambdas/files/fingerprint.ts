import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { ByteChunks } from '../shared/tables/source.ts';

/** Result of the first pass over the bytes, before they are read as text. */
export interface Fingerprint {
  readonly sha256: string;
  readonly size: number;
  /** The first bytes, with the signature of the format. */
  readonly head: Buffer;
  readonly hasNul: boolean;
  readonly isUtf8: boolean;
  /** A sample from the first non-ASCII byte on, for guessing the encoding. */
  readonly sample: Buffer;
}

const HEAD_BYTES = 64 * 1024;
const SAMPLE_BYTES = 64 * 1024;

/** The first bytes of a stream, up to a limit. */
class Opening {
  readonly #limit: number;
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }
  add(chunk: Uint8Array): void {
    const part = chunk.subarray(0, this.#limit - this.#size);
    if (part.length > 0) this.#parts.push(Buffer.from(part));
    this.#size += part.length;
  }
  get isEmpty(): boolean {
    return this.#size === 0;
  }
  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** Checks whether a stream is valid UTF-8, across chunk boundaries. */
class Utf8Check {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #valid = true;

  add(chunk?: Uint8Array): boolean {
    if (!this.#valid) return false;
    try {
      this.#decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      this.#valid = false; // An expected outcome.
    }
    return this.#valid;
  }
}

export async function fingerprint(bytes: ByteChunks): Promise<Fingerprint> {
  const hash = createHash('sha256');
  const head = new Opening(HEAD_BYTES);
  const sample = new Opening(SAMPLE_BYTES);
  const utf8 = new Utf8Check();
  let size = 0;
  let hasNul = false;
  for await (const chunk of bytes) {
    hash.update(chunk);
    size += chunk.length;
    hasNul ||= chunk.includes(0);
    head.add(chunk);
    if (!sample.isEmpty || !isAscii(chunk)) sample.add(chunk);
    utf8.add(chunk);
  }
  return {
    sha256: hash.digest('hex'),
    size,
    head: head.bytes(),
    hasNul,
    isUtf8: utf8.add(),
    sample: sample.bytes(),
  };
}
