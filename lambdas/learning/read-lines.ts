import { createHash } from 'node:crypto';
import type { ObjectStore } from '../shared/objects.ts';

export interface StoredFile {
  readonly key: string;
  readonly size: number;
}
/** Lines in order; `sha256` is the whole file's, and known once all lines are read. */
export interface Lines {
  readonly key: string;
  readonly lines: AsyncIterable<string>;
  sha256(): string;
}

/** Files up to here are read ahead, whole. */
const SMALL = 1 << 20;
const AHEAD_FILES = 32;
/** What may be held of files that are not yet looked at. */
const AHEAD_BYTES = 16 << 20;

/** Reads files in their order, many at a time while they are small, and large ones as a stream: memory stays bounded. */
export async function* readFiles(work: ObjectStore, files: readonly StoredFile[]): AsyncGenerator<Lines> {
  const ahead: (Promise<string> | undefined)[] = [];
  let held = 0;
  let next = 0;
  const fill = (at: number): void => {
    for (; next < files.length && next < at + AHEAD_FILES; next++) {
      const file = files[next]!;
      if (file.size > SMALL) continue;
      if (held + file.size > AHEAD_BYTES) return;
      held += file.size;
      const text = work.text(file.key);
      text.catch(() => undefined); // its error is met where its turn comes
      ahead[next] = text;
    }
  };
  for (const [at, file] of files.entries()) {
    fill(at);
    const text = ahead[at];
    if (text === undefined) yield streamed(work, file.key);
    else {
      yield whole(file.key, await text);
      held -= file.size;
      ahead[at] = undefined;
    }
  }
}

function whole(key: string, text: string): Lines {
  return {
    key,
    lines: toAsync(text.split('\n').filter((line) => line !== '')),
    sha256: () => createHash('sha256').update(text).digest('hex'),
  };
}

async function* toAsync<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

function streamed(work: ObjectStore, key: string): Lines {
  const hash = createHash('sha256');
  let digest: string | undefined;
  async function* lines(): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of (await work.stream(key)) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) if (line !== '') yield line;
    }
    rest += decoder.decode();
    if (rest !== '') yield rest;
  }
  return { key, lines: lines(), sha256: () => (digest ??= hash.digest('hex')) };
}
