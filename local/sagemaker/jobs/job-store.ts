import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../files.ts';
import { Job, type Kind } from './job.ts';

const RECORD = 'job.json';

/** All jobs, each in a folder of its own that also contains its `/opt/ml`. */
export class JobStore {
  readonly #folder: string;
  readonly #jobs = new Map<string, Job>();

  /**
   * @throws if a record does not have the format of this class
   */
  constructor(folder: string) {
    this.#folder = folder;
    for (const file of records(folder)) {
      const job = Job.parse(JSON.parse(readFileSync(file, 'utf8')));
      this.#jobs.set(keyOf(job.kind, job.name), job);
    }
  }

  get(kind: Kind, name: string): Job | undefined {
    return this.#jobs.get(keyOf(kind, name));
  }

  /** In the order of creation. */
  all(): Job[] {
    return [...this.#jobs.values()].sort((a, b) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1));
  }

  /** Stores the current state of the job; replaces the record atomically. */
  save(job: Job): void {
    this.#jobs.set(keyOf(job.kind, job.name), job);
    replaceFile(join(this.#folderOf(job), RECORD), `${JSON.stringify(job, null, 2)}\n`);
  }

  /** The `/opt/ml` of the job's container. */
  mlFolder(job: Job): string {
    return join(this.#folderOf(job), 'ml');
  }

  /** Directory for files that are being uploaded. */
  scratch(job: Job, name: string): string {
    return join(this.#folderOf(job), name);
  }

  #folderOf({ kind, name }: Job): string {
    return join(this.#folder, keyOf(kind, name));
  }
}

const keyOf = (kind: Kind, name: string): string => join(kind, name);

function records(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return foldersIn(folder)
    .flatMap((kind) => foldersIn(kind))
    .map((job) => join(job, RECORD))
    .filter((file) => existsSync(file));
}

const foldersIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));
