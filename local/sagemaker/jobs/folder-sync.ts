import { constants } from 'node:fs';
import { copyFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesOf, objectUri, type Objects } from './objects.ts';
import type { Place } from './plan.ts';

interface Sent {
  /** What the file was like. */
  readonly mark: string;
  /** Not again before this time, unless it is the last time. */
  readonly restUntil: number;
}
/** A file that took a second to send is left alone for twenty: a big one that always changes would take all the time. */
const REST = 20;

/**
 * Keeps a prefix in S3 as new as a folder; what is deleted in the folder stays in S3, as on AWS. Hidden files are left out:
 * they are on their way to their name.
 */
export class FolderSync {
  readonly #objects: Objects;
  readonly #place: Place;
  readonly #copy: string;
  readonly #sent = new Map<string, Sent>();

  /** @param copy a file beside the folder, for what is being sent */
  constructor(objects: Objects, place: Place, copy: string) {
    this.#objects = objects;
    this.#place = place;
    this.#copy = copy;
  }

  /**
   * Sends what has changed since the last time, what lies on top first: that is where curves are.
   * @param last whether nothing will change any more, so that nothing may be put off
   * @throws JobFailure when S3 refuses
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
    // A file that is cut while it is sent would leave S3 waiting for the rest.
    if (!(await copied(join(this.#place.folder, path), this.#copy))) return;
    await this.#objects.put(this.#copy, objectUri(this.#place.uri, path), signal);
    const ended = performance.now();
    this.#sent.set(path, { mark, restUntil: ended + REST * (ended - began) });
  }
}

const depth = (path: string): number => path.split('/').length;

/** Differs whenever a file was written or replaced; undefined if there is none. */
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
