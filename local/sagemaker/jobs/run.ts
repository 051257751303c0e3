import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { arnOf, type Owner } from '../wire.ts';
import type { ContainerProcess } from '../instance.ts';
import { archive } from './archive.ts';
import { execute, type Exit } from './execution.ts';
import { JobFailure } from './failure.ts';
import { FolderSync } from './folder-sync.ts';
import { emptyOutputs, placed, prepare, tidy } from './folders.ts';
import { end, enter, phaseOf, type Ending, type Job, type Kind } from './job.ts';
import type { JobStore } from './job-store.ts';
import { searchLog } from './metrics.ts';
import type { Objects } from './objects.ts';
import { artifactUri, planOf, type Place, type Plan } from './plan.ts';
import { endGroup } from './process-group.ts';

/** The command of a job's container. */
export interface JobTask {
  readonly kind: Kind;
  readonly arn: string;
  readonly entrypoint: readonly string[] | undefined;
  readonly arguments: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** The directory that serves as `/opt/ml`. */
  readonly ml: string;
}

/** Builds the process of a job. @throws JobFailure if the container does not have the command */
export type JobContainer = (task: JobTask) => ContainerProcess;

export interface JobTiming {
  /** Interval of reading the log and the checkpoint folder. */
  readonly tickMs: number;
  /** Grace period between SIGTERM and SIGKILL for a job that is stopped or timed out. */
  readonly graceMs: number;
  /** The same when the platform stops, which must be quick. */
  readonly closingGraceMs: number;
}
export const JOB_TIMING: JobTiming = { tickMs: 2000, graceMs: 10_000, closingGraceMs: 3000 };

export interface RunOptions {
  readonly store: JobStore;
  readonly objects: Objects;
  readonly container: JobContainer;
  readonly owner: Owner;
  readonly timing: JobTiming;
  readonly maxRestarts: number;
  readonly logOf: (job: Job) => string;
  /** Aborted when the job is stopped or the platform ends. */
  readonly stop: AbortSignal;
  readonly closing: AbortSignal;
}

const LAST_SYNC_MS = 300_000;

/** Resumes one job from its stored state and runs it to its end, or until the platform ends. */
export class JobRun {
  readonly #job: Job;
  readonly #plan: Plan;
  readonly #ml: string;
  readonly #log: string;
  readonly #options: RunOptions;
  readonly #sync: FolderSync | undefined;
  readonly #graceMs = (): number => {
    const { closing, timing } = this.#options;
    return closing.aborted ? timing.closingGraceMs : timing.graceMs;
  };

  constructor(job: Job, options: RunOptions) {
    this.#job = job;
    this.#plan = planOf(job);
    this.#ml = options.store.mlFolder(job);
    this.#log = options.logOf(job);
    this.#options = options;
    const { checkpoint } = this.#plan;
    this.#sync =
      checkpoint &&
      new FolderSync(
        options.objects,
        placed(this.#ml, checkpoint),
        options.store.scratch(job, 'checkpoint.part'),
      );
  }

  /** Errors fail the job. @throws only if its record cannot be written */
  async run(): Promise<void> {
    const { stop, closing } = this.#options;
    try {
      this.#job.ending ??= await this.#untilOver();
      if (this.#job.ending) await this.#finish(this.#job.ending);
    } catch (error) {
      if (closing.aborted) this.#enter('Interrupted', 'The platform ended');
      else if (stop.aborted && !(error instanceof JobFailure)) await this.#end('Stopped');
      else await this.#end('Failed', reasonOf(error));
    }
  }

  /**
   * @returns undefined if it was interrupted
   */
  async #untilOver(): Promise<Ending | undefined> {
    const { stop, closing, objects } = this.#options;
    await this.#endOrphan();
    if (this.#job.status === 'Stopping') return 'Stopped';
    const { restarts } = this.#job;
    if (restarts > this.#options.maxRestarts)
      throw new JobFailure(
        `InternalServerError: the platform died ${restarts} times while the job was running.`,
      );
    const stopRequested = AbortSignal.any([stop, closing]);
    this.#job.startedAt ??= Date.now();
    if (!this.#job.prepared) {
      this.#enter('Downloading', 'Downloading input data');
      await prepare(this.#ml, this.#plan, objects, stopRequested);
      this.#job.prepared = true;
    }
    await emptyOutputs(this.#ml, this.#plan);
    stopRequested.throwIfAborted();
    this.#enter('Training', 'The container is running');
    const exit = await this.#execute();
    if (exit.by === 'closing') {
      this.#enter('Interrupted', 'The platform ended');
      return undefined;
    }
    if (exit.by !== 'itself') return exit.by === 'stop' ? 'Stopped' : 'MaxRuntimeExceeded';
    if (exit.code !== 0) throw new JobFailure(await this.#whyFailed(exit));
    return 'Completed';
  }

  /** A process of this job that outlived the platform would write into the same folder. */
  async #endOrphan(): Promise<void> {
    if (this.#job.process) await endGroup(this.#job.process, this.#graceMs);
    this.#job.process = undefined;
  }

  async #execute(): Promise<Exit> {
    const { timing, stop, closing, owner, container } = this.#options;
    const before = this.#job.ranMs;
    const { kind, name } = this.#job;
    const { entrypoint, arguments: args, environment } = this.#plan;
    const arn = arnOf(owner, `${kind}-job`, name);
    const { exit, ranMs } = await execute({
      process: container({ kind, arn, entrypoint, arguments: args, environment, ml: this.#ml }),
      log: this.#log,
      stop,
      closing,
      limitMs: this.#plan.maxRuntimeMs - before,
      graceMs: this.#graceMs,
      tickMs: timing.tickMs,
      started: (leader) => {
        this.#job.process = leader;
        this.#save();
      },
      tick: async (ranMs, signal) => {
        this.#job.ranMs = before + ranMs;
        await this.#look(signal, false);
        this.#save();
      },
    });
    this.#job.ranMs = before + ranMs;
    this.#job.process = undefined;
    await this.#look(AbortSignal.timeout(closing.aborted ? timing.closingGraceMs : LAST_SYNC_MS), true);
    this.#save();
    return exit;
  }

  /** Reads new metrics and uploads new checkpoints. */
  async #look(signal: AbortSignal, last: boolean): Promise<void> {
    const { metrics, logRead } = this.#job;
    const found = await searchLog(this.#log, this.#plan.metrics, { metrics, read: logRead });
    this.#job.metrics = found.metrics;
    this.#job.logRead = found.read;
    try {
      await this.#sync?.push(signal, last);
    } catch (error) {
      // Retried at the next interval: a moment without S3 must not fail a job.
      if (!signal.aborted)
        console.error(`The checkpoint of ${this.#job.name} was not saved:`, reasonOf(error));
    }
  }

  async #finish(ending: Ending): Promise<void> {
    const { objects, closing } = this.#options;
    this.#enter('Uploading', 'Uploading what the container has made');
    if (this.#job.kind === 'processing') this.#job.exitMessage = await this.#message();
    const places = ending === 'Completed' ? this.#plan.uploads : [];
    for (const place of places) await objects.putFolder(placed(this.#ml, place), closing);
    for (const place of this.#plan.archives) {
      const uploaded = await this.#archive(place, closing);
      if (uploaded && this.#job.kind === 'training' && place.uri === artifactUri(this.#job.request))
        this.#job.artifact = place.uri;
    }
    await this.#end(ending);
  }

  async #archive(place: Place, signal: AbortSignal): Promise<boolean> {
    const { objects, store } = this.#options;
    const file = store.scratch(this.#job, 'upload.tar.gz');
    const { folder, uri } = placed(this.#ml, place);
    if (!(await archive(folder, file))) return false;
    await objects.put(file, uri, signal);
    await rm(file);
    return true;
  }

  async #whyFailed({ code, signal }: Extract<Exit, { by: 'itself' }>): Promise<string> {
    const how = signal ? `killed by signal ${signal}` : `exit code ${code}`;
    const said = await this.#message();
    if (this.#job.kind === 'processing') this.#job.exitMessage = said;
    return `AlgorithmError: ${said ? `${said}, ${how}` : `${how}, see ${this.#log}`}`;
  }

  /** The first 1,024 characters of the failure file of the process. */
  async #message(): Promise<string | undefined> {
    const handle = await open(join(this.#ml, this.#plan.message)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!handle) return undefined;
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
      return buffer.toString('utf8', 0, bytesRead).trim().slice(0, 1024) || undefined;
    } finally {
      await handle.close();
    }
  }

  async #end(ending: Ending | 'Failed', reason?: string): Promise<void> {
    end(this.#job, ending, reason);
    this.#save();
    await tidy(this.#ml, this.#plan);
  }

  #enter(phase: Parameters<typeof enter>[1], message: string): void {
    if (phaseOf(this.#job) !== phase) enter(this.#job, phase, message);
    this.#save();
  }

  #save(): void {
    this.#options.store.save(this.#job);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof JobFailure) return error.message;
  console.error('The local SageMaker failed:', error);
  return `InternalServerError: ${error instanceof Error ? error.message : String(error)}`;
}
