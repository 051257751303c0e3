import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../../client/typescript/src/index.ts';
import { missing, unfinished } from './check.ts';
import { newBuyer, work, type Buyer } from './load.ts';
import { KillablePlatform } from './platform.ts';
import { askForRun, runsOver } from './training.ts';

export interface KillsOptions {
  readonly kills: number;
  readonly buyers: number;
  /** Every second kill happens during a training run. */
  readonly training: boolean;
  readonly random: () => number;
  readonly say: (line: string) => void;
}

export interface KillsReport {
  readonly tasks: number;
  readonly files: number;
  readonly verdicts: number;
  /** Acknowledged things that are missing, or never reached a final state. */
  readonly faults: readonly string[];
  readonly runs: Readonly<Record<string, number>>;
}

/**
 * Each kill waits for this many new tasks and a random number of other acknowledgements, then for up to half a
 * second, so that it interrupts other requests.
 */
export const TASKS_PER_KILL = 3;
const MAX_ACKNOWLEDGED = 30;
const MAX_LOAD_MS = 3 * 60_000;
const END_MS = 10 * 60_000;

/** Kills a platform under load repeatedly, at random moments, and checks after each restart what it acknowledged. */
export async function killAgainAndAgain(name: string, options: KillsOptions): Promise<KillsReport> {
  const { kills, training, random, say } = options;
  const platform = await KillablePlatform.on(name);
  try {
    say(`Started in ${(await platform.start('--reset')).toFixed(0)} s`);
    const buyers = await Promise.all(Array.from({ length: options.buyers }, () => newBuyer(platform.apiUrl)));
    const faults: string[] = [];
    for (let kill = 1; kill <= kills; kill++) {
      const inRun = training && kill % 2 === 0;
      if (inRun) await askForRun(platform.apiUrl);
      const workers = buyers.map((buyer) => work(platform.apiUrl, buyer, random).catch(brokenOff));
      const ms = await underLoad(buyers, random);
      const processes = await platform.kill();
      const broken = await Promise.all(workers);
      const seconds = await platform.start();
      const lost = await missing(platform, buyers);
      faults.push(...lost, ...broken.filter((fault) => fault !== undefined));
      say(
        `Kill ${kill} of ${kills}: ${processes} processes after ${(ms / 1000).toFixed(1)} s${inRun ? ' in a training run' : ''}; ` +
          `${count(buyers, 'tasks')} tasks acknowledged so far, ${lost.length} things missing; ready again in ${seconds.toFixed(0)} s`,
      );
    }
    faults.push(...(await unfinished(platform, buyers, END_MS)));
    const runs = training ? await runsOver(platform.apiUrl, END_MS) : {};
    return {
      tasks: count(buyers, 'tasks'),
      files: count(buyers, 'files'),
      verdicts: count(buyers, 'judged'),
      faults,
      runs,
    };
  } finally {
    await platform.stop();
  }
}

/**
 * @returns the duration in milliseconds
 * @throws Error if the platform did not acknowledge enough within three minutes
 */
async function underLoad(buyers: readonly Buyer[], random: () => number): Promise<number> {
  const started = Date.now();
  const acknowledged = (): number =>
    count(buyers, 'tasks') + count(buyers, 'files') + count(buyers, 'judged');
  const enough = acknowledged() + Math.ceil(random() * MAX_ACKNOWLEDGED);
  const enoughTasks = count(buyers, 'tasks') + TASKS_PER_KILL;
  while (acknowledged() < enough || count(buyers, 'tasks') < enoughTasks) {
    if (Date.now() - started > MAX_LOAD_MS) {
      throw new Error(
        `only ${count(buyers, 'tasks')} tasks were acknowledged, ${enoughTasks} expected: the load is too slow`,
      );
    }
    await sleep(20);
  }
  await sleep(random() * 500);
  return Date.now() - started;
}

const count = (buyers: readonly Buyer[], what: 'tasks' | 'files' | 'judged'): number =>
  buyers.reduce((sum, buyer) => sum + buyer[what].size, 0);

/** A request interrupted by a kill is expected; any other error of a buyer is a failure. */
function brokenOff(error: unknown): string | undefined {
  if (error instanceof ApiError && (error.status === 0 || error.status >= 500)) return undefined;
  return `a buyer met: ${error instanceof Error ? error.message : String(error)}`;
}
