import { createHash } from 'node:crypto';
import { ObjectMissing } from '../../shared/objects.ts';
import type { ObjectStore } from '../../shared/objects.ts';

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
/** Longest line that is held: what the trainer reads. Of a longer one so much is handed on that nobody takes it for one. */
const MAX_LINE = 16 << 20;
const CUT_OFF = 1000;
/** What may be held of files that are not yet looked at. */
const AHEAD_BYTES = 16 << 20;

/**
 * Reads files in their order, many at a time while they are small, and large ones as a stream: memory stays bounded.
 * @param onMissing told of a file that was listed and is gone; it has no lines
 */
export async function* readFiles(
  work: ObjectStore,
  files: readonly StoredFile[],
  onMissing: (key: string) => void = missingIsAnError,
): AsyncGenerator<Lines> {
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
    if (text === undefined) yield streamed(work, file.key, onMissing);
    else {
      yield whole(file.key, (await unlessMissing(file.key, text, onMissing)) ?? '');
      held -= file.size;
      ahead[at] = undefined;
    }
  }
}

const missingIsAnError = (key: string): never => {
  throw new ObjectMissing(key);
};

async function unlessMissing<T>(
  key: string,
  reading: Promise<T>,
  onMissing: (key: string) => void,
): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof ObjectMissing)) throw error;
    onMissing(key);
    return undefined;
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

function streamed(work: ObjectStore, key: string, onMissing: (key: string) => void): Lines {
  const hash = createHash('sha256');
  let digest: string | undefined;
  async function* lines(): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    let rest = '';
    let isTooLong = false;
    const content = await unlessMissing(key, work.stream(key), onMissing);
    if (content === undefined) return;
    for await (const chunk of content as AsyncIterable<Buffer>) {
      hash.update(chunk);
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        if (line !== '' && !isTooLong) yield line;
        isTooLong = false;
      }
      if (rest.length > MAX_LINE) {
        if (!isTooLong) yield rest.slice(0, CUT_OFF);
        isTooLong = true;
      }
      if (isTooLong) rest = '';
    }
    rest += decoder.decode();
    if (rest !== '' && !isTooLong) yield rest;
  }
  return { key, lines: lines(), sha256: () => (digest ??= hash.digest('hex')) };
}
