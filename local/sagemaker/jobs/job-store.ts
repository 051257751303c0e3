import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../files.ts';
import { Job, type Kind } from './job.ts';

const RECORD = 'job.json';

/** All jobs that ever were, each in a folder of its own that also holds what stands for its `/opt/ml`. */
export class JobStore {
  readonly #folder: string;
  readonly #jobs = new Map<string, Job>();

  /** @throws when a record is there but is not what this class writes */
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

  /** In the order of their creation. */
  all(): Job[] {
    return [...this.#jobs.values()].sort((a, b) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1));
  }

  /** Keeps the job as it is now; the record is replaced as a whole. */
  save(job: Job): void {
    this.#jobs.set(keyOf(job.kind, job.name), job);
    replaceFile(join(this.#folderOf(job), RECORD), `${JSON.stringify(job, null, 2)}\n`);
  }

  /** What stands for `/opt/ml` in the job's container. */
  mlFolder(job: Job): string {
    return join(this.#folderOf(job), 'ml');
  }

  /** For files on their way to S3. */
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
