import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelStatus } from '../../../contracts/api/model-views.ts';
import type { DukeNet } from '../../../client/typescript/src/index.ts';

/** A version that was promoted automatically during the stream. */
export interface Promotion {
  readonly version: string;
  /** Number of tasks judged before. */
  readonly after: number;
}

interface Told {
  /** Number of tasks judged so far. */
  readonly judged: () => number;
  readonly promoted: (promotion: Promotion) => void;
  /** A run ended without a new version. */
  readonly stayed: () => void;
}

const LOOK_MS = 2000;
/** Number of tasks judged during an active run, after which the buyers wait for its end. */
export const TASKS_PER_RUN = 40;

/** Polls `GET /model/status` and records promotions. */
export class Watch {
  readonly promotions: Promotion[] = [];
  #note = '';
  /** The active run, and the number of tasks judged when it was first seen. */
  #run: { readonly id: string; readonly since: number } | undefined;
  #serving: string;
  readonly #api: DukeNet;
  readonly #told: Told;

  /**
   * @param serving the version in production at the start
   */
  constructor(api: DukeNet, serving: string, told: Told) {
    this.#api = api;
    this.#serving = serving;
    this.#told = told;
  }

  /** A short description of the current state. */
  get note(): string {
    return this.#note;
  }

  /** Whether enough tasks were judged during the active run. */
  get isAhead(): boolean {
    return this.#run !== undefined && this.#told.judged() - this.#run.since >= TASKS_PER_RUN;
  }

  /** Polls until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.see(await this.#api.call('getModelStatus', {}));
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  see(status: ModelStatus): void {
    const version = status.production?.version;
    const promoted = version !== undefined && version !== this.#serving;
    this.#note = noteOf(status);
    if (status.run?.id !== this.#run?.id) {
      if (this.#run && !promoted) this.#told.stayed();
      this.#run = status.run ? { id: status.run.id, since: this.#told.judged() } : undefined;
    }
    if (!promoted) return;
    this.#serving = version;
    const promotion = { version, after: this.#told.judged() };
    this.promotions.push(promotion);
    this.#told.promoted(promotion);
  }
}

export function noteOf({ run, queued }: Pick<ModelStatus, 'run' | 'queued'>): string {
  if (!run) return '';
  const version = run.version === null ? '' : ` v${run.version}`;
  const epochs = run.status === 'training' && run.epochs > 0 ? `, ${run.epochs} epochs` : '';
  return `${run.status}${version}${epochs}${queued ? ', one more asked for' : ''}`;
}
