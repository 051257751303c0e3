import { createHash } from 'node:crypto';
import { ObjectMissing } from '../../shared/objects.ts';
import type { ObjectStore } from '../../shared/objects.ts';

export interface StoredFile {
  readonly key: string;
  readonly size: number;
}
/** Lines of a file in order. `sha256` is the hash of the whole file and valid once all lines are read. */
export interface Lines {
  readonly key: string;
  readonly lines: AsyncIterable<string>;
  sha256(): string;
}

/** Files up to this size are read ahead, as a whole; larger ones are streamed. */
const MAX_READ_AHEAD_FILE_BYTES = 1 << 20;
const READ_AHEAD_FILES = 32;
/** Memory for files that are read ahead. */
const READ_AHEAD_BYTES = 16 << 20;
/** Longest line, in characters; the trainer has the same limit. */
const MAX_LINE = 16 << 20;
/** A longer line is cut to this, which is no valid JSON, so that its reader counts it as unusable. */
const CUT_LINE = 1000;

/**
 * Reads files in the given order with bounded memory: small ones ahead, many at a time; large ones as a stream.
 * @param onMissing called for a file that was listed but does not exist any more; it has no lines
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
    for (; next < files.length && next < at + READ_AHEAD_FILES; next++) {
      const file = files[next]!;
      if (file.size > MAX_READ_AHEAD_FILE_BYTES) continue;
      if (held + file.size > READ_AHEAD_BYTES) return;
      held += file.size;
      const text = work.text(file.key);
      text.catch(() => undefined); // Handled when the file's turn comes; until then the rejection would be unhandled.
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
        if (!isTooLong) yield rest.slice(0, CUT_LINE);
        isTooLong = true;
      }
      if (isTooLong) rest = '';
    }
    rest += decoder.decode();
    if (rest !== '' && !isTooLong) yield rest;
  }
  return { key, lines: lines(), sha256: () => (digest ??= hash.digest('hex')) };
}
