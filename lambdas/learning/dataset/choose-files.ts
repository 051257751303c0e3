import { OUTCOMES_PREFIX, parseOutcomesKey, shardOf } from '../../../contracts/naming.ts';
import { HOUR } from '../../shared/clock.ts';
import type { ListFiles } from '../outcomes/outcome-files.ts';
import type { StoredFile } from '../outcomes/read-lines.ts';

export const WINDOW_MS = 90 * 24 * HOUR;
/** How many outcome files older than the window each run replays, against catastrophic forgetting. */
const MAX_REPLAYED = 20_000;

export interface ChosenFiles {
  readonly window: { readonly from: string; readonly to: string };
  /** Newest first, so that the newest label of duplicates wins. */
  readonly recent: readonly StoredFile[];
  readonly replayed: readonly StoredFile[];
}

/** All outcome files of the window, and a fixed sample of the older ones, which stays the same from run to run. */
export async function chooseFiles(list: ListFiles, now: Date): Promise<ChosenFiles> {
  const window = { from: new Date(now.getTime() - WINDOW_MS).toISOString(), to: now.toISOString() };
  const recent: StoredFile[] = [];
  const older: StoredFile[] = [];
  for await (const file of list(OUTCOMES_PREFIX)) {
    const parsed = parseOutcomesKey(file.key);
    if (parsed) (parsed.day >= window.from.slice(0, 10) ? recent : older).push(file);
  }
  const replayed =
    older.length <= MAX_REPLAYED
      ? older
      : older
          .map((file) => ({ file, rank: shardOf(file.key, 2 ** 32) }))
          .sort((a, b) => a.rank - b.rank)
          .slice(0, MAX_REPLAYED)
          .map(({ file }) => file);
  const newestFirst = (a: StoredFile, b: StoredFile) => (a.key < b.key ? 1 : -1);
  return { window, recent: recent.sort(newestFirst), replayed: [...replayed].sort(newestFirst) };
}
