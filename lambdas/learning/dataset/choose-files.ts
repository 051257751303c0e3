import { OUTCOMES_PREFIX, outcomesOfDay, parseOutcomesKey, shardOf } from '../../../contracts/naming.ts';
import { HOUR } from '../../shared/clock.ts';
import { inParallel } from '../../shared/in-parallel.ts';
import type { ListFiles } from '../outcomes/outcome-files.ts';
import type { StoredFile } from '../outcomes/read-lines.ts';

const DAY_MS = 24 * HOUR;
export const WINDOW_MS = 90 * DAY_MS;
/** How many outcome files older than the window each run replays, against catastrophic forgetting. */
const MAX_REPLAYED = 20_000;
/** S3 lists a thousand files a call. */
const PARALLEL_LISTS = 16;

export interface ChosenFiles {
  readonly window: { readonly from: string; readonly to: string };
  /** Newest first, so that the newest label of duplicates wins. */
  readonly recent: readonly StoredFile[];
  readonly replayed: readonly StoredFile[];
  /** Tasks that have a file, chosen or not. The outcomes of all others were withdrawn. */
  readonly taskIds: ReadonlySet<string>;
}

/** All outcome files of the window, and a fixed sample of the older ones, which stays the same from run to run. */
export async function chooseFiles(list: ListFiles, now: Date): Promise<ChosenFiles> {
  const window = { from: new Date(now.getTime() - WINDOW_MS).toISOString(), to: now.toISOString() };
  const [recent, older] = await Promise.all([recentFiles(list, now), olderFiles(list, window.from)]);
  const replayed =
    older.length <= MAX_REPLAYED
      ? older
      : older
          .map((file) => ({ file, rank: shardOf(file.key, 2 ** 32) }))
          .sort((a, b) => a.rank - b.rank)
          .slice(0, MAX_REPLAYED)
          .map(({ file }) => file);
  const newestFirst = (a: StoredFile, b: StoredFile) => (a.key < b.key ? 1 : -1);
  return {
    window,
    recent: recent.sort(newestFirst),
    replayed: [...replayed].sort(newestFirst),
    taskIds: new Set([...recent, ...older].flatMap(({ key }) => parseOutcomesKey(key)?.taskId ?? [])),
  };
}

async function recentFiles(list: ListFiles, now: Date): Promise<StoredFile[]> {
  const recent: StoredFile[] = [];
  await inParallel(prefixesOfWindow(now), PARALLEL_LISTS, async (prefix) => {
    for await (const file of list(prefix)) if (parseOutcomesKey(file.key)) recent.push(file);
  });
  return recent;
}

/** From the first day of the window to tomorrow, where clocks that are ahead may have recorded. */
async function* prefixesOfWindow(now: Date): AsyncGenerator<string> {
  for (let at = now.getTime() - WINDOW_MS; at <= now.getTime() + DAY_MS; at += DAY_MS)
    yield outcomesOfDay(new Date(at).toISOString());
}

async function olderFiles(list: ListFiles, from: string): Promise<StoredFile[]> {
  const older: StoredFile[] = [];
  for await (const file of list(OUTCOMES_PREFIX)) {
    const parsed = parseOutcomesKey(file.key);
    if (parsed && parsed.day >= from.slice(0, 10)) break; // Keys are listed in their order, and days are written as numbers.
    if (parsed) older.push(file);
  }
  return older;
}
