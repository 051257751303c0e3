import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelStatus } from '../../../contracts/api/model.ts';
import type { ApiClient } from '../../shared/api-client.ts';

/** A version that came into production by itself while the stream went on. */
export interface Promotion {
  readonly version: string;
  /** Tasks that had been judged until then. */
  readonly after: number;
}

const LOOK_MS = 2000;

/** What `GET /model/status` says, and the promotions seen in it. */
export class Watch {
  readonly promotions: Promotion[] = [];
  #note = '';
  readonly #api: ApiClient;
  readonly #judged: () => number;
  readonly #onPromotion: (promotion: Promotion) => void;

  constructor(api: ApiClient, judged: () => number, onPromotion: (promotion: Promotion) => void) {
    this.#api = api;
    this.#judged = judged;
    this.#onPromotion = onPromotion;
  }

  /** What is going on, in a few words. */
  get note(): string {
    return this.#note;
  }

  /** Looks until the signal. @param version that serves at first */
  async run(version: string, signal: AbortSignal): Promise<void> {
    for (
      let serving = version;
      !signal.aborted;
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {})
    ) {
      const status = await this.#api.call('getModelStatus', {});
      this.#note = noteOf(status);
      const now = status.production?.version;
      if (now === undefined || now === serving) continue;
      serving = now;
      const promotion = { version: now, after: this.#judged() };
      this.promotions.push(promotion);
      this.#onPromotion(promotion);
    }
  }
}

export function noteOf({ run, queued }: Pick<ModelStatus, 'run' | 'queued'>): string {
  if (!run) return '';
  const version = run.version === null ? '' : ` v${run.version}`;
  const epochs = run.status === 'training' && run.epochs > 0 ? `, ${run.epochs} epochs` : '';
  return `${run.status}${version}${epochs}${queued ? ', one more asked for' : ''}`;
}
