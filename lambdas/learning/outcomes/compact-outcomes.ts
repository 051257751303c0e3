import { COMPACTED_PREFIX, objects, parseOutcomesKey } from '../../../contracts/naming.ts';
import { HOUR } from '../../shared/clock.ts';
import { sha256 } from '../../shared/ids.ts';
import { inParallel } from '../../shared/in-parallel.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import type { ListFiles } from './outcome-files.ts';
import { readFiles } from './read-lines.ts';
import type { StoredFile } from './read-lines.ts';

export interface CompactDependencies {
  readonly work: ObjectStore;
  readonly listFiles: ListFiles;
}

/** Fewer files than this are read one by one. */
const MIN_FILES = 8;
/** Larger files are streamed by themselves. */
const MAX_FILE_BYTES = 256 << 10;
const MAX_RUN_BYTES = 32 << 20;
/** Runs that are written at the same time; each reads 32 files ahead. */
const PARALLEL_RUNS = 4;
/** Verdicts are recorded within minutes. Until a day has been over for one, its files may still change. */
const OPEN_MS = 48 * HOUR;
/** Hexadecimal digits of a version 7 UUID that tasks created within 4.7 hours (2^24 ms) share. */
const PREFIX_DIGITS = 6;

interface Run {
  readonly files: readonly StoredFile[];
  /** Of the compacted object; undefined if the files are read one by one. */
  readonly key: string | undefined;
}

/**
 * Replaces runs of small files by one object each that holds their lines, so that a million tasks are some thousand requests.
 * The files of tasks stay what counts: a compacted object is named by the keys and sizes of its files, is made again when one
 * of them is gone or new, and is deleted when no run has its name. A run that is interrupted goes on with what it had compacted.
 * @param files newest first; the objects that are returned hold the same lines in the same order
 */
export async function compactOutcomes(
  { work, listFiles }: CompactDependencies,
  files: readonly StoredFile[],
  now: Date,
): Promise<StoredFile[]> {
  const runs = runsOf(files, now);
  const existing = new Map<string, StoredFile>();
  for await (const file of listFiles(COMPACTED_PREFIX)) existing.set(file.key, file);
  const expected = new Set(runs.map(({ key }) => key));
  const obsolete = [...existing.keys()].filter((key) => !expected.has(key));
  await inParallel(each(obsolete), PARALLEL_RUNS, (key) => work.remove(key));
  const read: (readonly StoredFile[])[] = [];
  await inParallel(each(runs.entries()), PARALLEL_RUNS, async ([at, { key, files: sources }]) => {
    const compacted =
      key === undefined ? undefined : (existing.get(key) ?? (await compact(work, key, sources)));
    read[at] = compacted ? [compacted] : sources;
  });
  return read.flat();
}

async function* each<T>(values: Iterable<T>): AsyncGenerator<T> {
  yield* values;
}

/** Successive files of one day and one span of time, as far as they may be compacted. */
function runsOf(files: readonly StoredFile[], now: Date): Run[] {
  const openFrom = new Date(now.getTime() - OPEN_MS).toISOString().slice(0, 10);
  const runs: { span: string | undefined; bytes: number; files: StoredFile[] }[] = [];
  for (const file of files) {
    const parsed = parseOutcomesKey(file.key);
    const isCompactable = parsed && parsed.day < openFrom && file.size <= MAX_FILE_BYTES;
    const span = isCompactable ? `${parsed.day} ${parsed.taskId.slice(0, PREFIX_DIGITS)}` : undefined;
    const last = runs.at(-1);
    if (last && last.span === span && last.bytes + file.size <= MAX_RUN_BYTES) {
      last.files.push(file);
      last.bytes += file.size;
    } else runs.push({ span, bytes: file.size, files: [file] });
  }
  return runs.map(({ span, files: sources }) => ({
    files: sources,
    key: span !== undefined && sources.length >= MIN_FILES ? keyOf(span.slice(0, 10), sources) : undefined,
  }));
}

const keyOf = (day: string, sources: readonly StoredFile[]): string =>
  objects.compactedOutcomes(day, sha256(sources.map(({ key, size }) => `${key} ${size}`).join('\n')));

/** @returns undefined, and writes nothing, if one of the files is gone */
async function compact(
  work: ObjectStore,
  key: string,
  sources: readonly StoredFile[],
): Promise<StoredFile | undefined> {
  const lines: string[] = [];
  let isWhole = true;
  for await (const file of readFiles(work, sources, () => (isWhole = false)))
    for await (const line of file.lines) lines.push(`${line}\n`);
  if (!isWhole) return undefined;
  const body = Buffer.from(lines.join(''));
  await work.put(key, body, 'application/jsonl');
  return { key, size: body.length };
}
