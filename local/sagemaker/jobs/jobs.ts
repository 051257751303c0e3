import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { invalid } from '../errors.ts';
import type { Owner } from '../wire.ts';
import { JobRun, JOB_TIMING, type JobContainer, type JobTiming } from './run.ts';
import { end, enter, isOver, phaseOf, type Job, type Phase } from './job.ts';
import type { JobStore } from './job-store.ts';
import { Objects } from './objects.ts';

export interface JobsOptions {
  readonly container: JobContainer;
  /** Directory of the records and of the `/opt/ml` of each job. */
  readonly folder: string;
  /** Address of S3. */
  readonly awsEndpoint: string;
  /** Maximum number of concurrent jobs; others wait in order of arrival. */
  readonly atOnce?: number;
  /** Maximum number of platform exits during a job, after which it has failed: it may be their cause. */
  readonly maxRestarts?: number;
  readonly timing?: JobTiming;
  /** Called when a job starts and ends. */
  readonly report?: (line: string) => void;
}

const WAITING: ReadonlySet<Phase> = new Set(['Pending', 'Restarting']);

/** The queue of training and processing jobs. */
export class Jobs {
  readonly #store: JobStore;
  readonly #options: JobsOptions & { readonly logs: string; readonly owner: Owner };
  readonly #objects: Objects;
  readonly #waiting: Job[] = [];
  readonly #running = new Map<Job, { readonly stop: AbortController; readonly over: Promise<void> }>();
  readonly #closing = new AbortController();

  constructor(store: JobStore, options: JobsOptions & { logs: string; owner: Owner }) {
    this.#store = store;
    this.#options = options;
    this.#objects = new Objects(options.awsEndpoint, options.owner.region);
  }

  /** Resumes jobs that were not finished when the last process ended. */
  resume(): void {
    for (const job of this.#store.all().filter((it) => !isOver(it))) {
      const phase = phaseOf(job);
      if (!WAITING.has(phase)) {
        // Jobs are left interrupted when the platform is stopped.
        if (phase !== 'Interrupted') job.restarts++;
        enter(job, 'Restarting', 'The platform was started again');
      }
      this.#store.save(job);
      this.#waiting.push(job);
    }
    this.#next();
  }

  add(job: Job): void {
    this.#store.save(job);
    // Left by a job of this name from before a reset.
    rmSync(this.logOf(job), { force: true });
    this.#waiting.push(job);
    this.#next();
  }

  /**
   * @throws AwsError ValidationException if it has ended
   */
  stop(job: Job): void {
    if (isOver(job))
      throw invalid(`The request was rejected because the ${job.kind} job is in status ${job.status}.`);
    const at = this.#waiting.indexOf(job);
    if (at >= 0 && job.process === undefined) {
      this.#waiting.splice(at, 1);
      end(job, 'Stopped');
    } else if (job.status !== 'Stopping') {
      job.status = 'Stopping';
      enter(job, 'Stopping', 'The job is being stopped');
    }
    this.#store.save(job);
    this.#running.get(job)?.stop.abort(new Error('The job was stopped'));
  }

  logOf({ kind, name }: Job): string {
    return join(this.#options.logs, 'jobs', `${kind}-${name}.log`);
  }

  /** Ends all processes; the jobs resume at the next start. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('The platform ended'));
    await Promise.all([...this.#running.values()].map(({ over }) => over));
  }

  #next(): void {
    while (this.#running.size < (this.#options.atOnce ?? 1) && !this.#closing.signal.aborted) {
      const job = this.#waiting.shift();
      if (!job) return;
      const stop = new AbortController();
      const over = this.#run(job, stop.signal)
        .catch((error: unknown) => {
          // Its record could not be written; the next start resumes it from the last stored state.
          console.error(`The local SageMaker lost hold of ${job.name}:`, error);
        })
        .finally(() => {
          this.#running.delete(job);
          this.#next();
        });
      this.#running.set(job, { stop, over });
    }
  }

  async #run(job: Job, stop: AbortSignal): Promise<void> {
    const { container, owner, timing = JOB_TIMING, maxRestarts = 3, report } = this.#options;
    const what = `${job.kind === 'training' ? 'Training' : 'Processing'} job ${job.name}`;
    report?.(`${what} runs. Its log: ${this.logOf(job)}`);
    const run = new JobRun(job, {
      ...{ store: this.#store, objects: this.#objects, container, owner, timing, maxRestarts },
      ...{ logOf: (it) => this.logOf(it), stop, closing: this.#closing.signal },
    });
    await run.run();
    if (isOver(job)) report?.(`${what}: ${job.status}${job.failureReason ? ` (${job.failureReason})` : ''}`);
  }
}
