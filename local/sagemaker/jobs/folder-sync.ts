import { constants } from 'node:fs';
import { copyFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesOf, objectUri, type Objects } from './objects.ts';
import type { Place } from './plan.ts';

interface Sent {
  /** Size and time of the file when it was last sent. */
  readonly mark: string;
  /** Earliest time of the next upload, except at the end. */
  readonly restUntil: number;
}
/**
 * Waits twenty times the duration of an upload before the next one, so that a large file that keeps changing does not
 * take all the time.
 */
const REST = 20;

/**
 * Uploads changes of a folder to an S3 prefix; deletions are not propagated, as on AWS. Skips hidden files, which are
 * temporary.
 */
export class FolderSync {
  readonly #objects: Objects;
  readonly #place: Place;
  readonly #copy: string;
  readonly #sent = new Map<string, Sent>();

  /**
   * @param copy path outside of the folder for the file being sent
   */
  constructor(objects: Objects, place: Place, copy: string) {
    this.#objects = objects;
    this.#place = place;
    this.#copy = copy;
  }

  /**
   * Uploads the files that have changed, top-level files first, since the curves are there.
   * @param last uploads everything, including files whose wait is not over
   * @throws JobFailure if S3 refuses
   */
  async push(signal: AbortSignal, last: boolean): Promise<void> {
    const paths = (await filesOf(this.#place.folder)).filter((path) => !/(^|\/)\./.test(path));
    for (const path of paths.sort((a, b) => depth(a) - depth(b))) {
      const mark = await markOf(join(this.#place.folder, path));
      const sent = this.#sent.get(path);
      if (mark === undefined || sent?.mark === mark) continue;
      if (last || performance.now() >= (sent?.restUntil ?? 0)) await this.#send(path, mark, signal);
    }
    await rm(this.#copy, { force: true });
  }

  async #send(path: string, mark: string, signal: AbortSignal): Promise<void> {
    const began = performance.now();
    // Sends a copy: if a file were truncated during its upload, S3 would wait for the rest.
    if (!(await copied(join(this.#place.folder, path), this.#copy))) return;
    await this.#objects.put(this.#copy, objectUri(this.#place.uri, path), signal);
    const ended = performance.now();
    this.#sent.set(path, { mark, restUntil: ended + REST * (ended - began) });
  }
}

const depth = (path: string): number => path.split('/').length;

/** Changes whenever the file is written or replaced; undefined if there is none. */
async function markOf(file: string): Promise<string | undefined> {
  const found = await unlessGone(stat(file));
  return found && `${found.mtimeMs} ${found.size} ${found.ino}`;
}

async function copied(file: string, target: string): Promise<boolean> {
  return (await unlessGone(copyFile(file, target, constants.COPYFILE_FICLONE).then(() => true))) ?? false;
}

/** Renamed or removed since it was listed. */
async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
