/**
 * `npm run demo:learning`: the learning loop on a running marketplace. Three buyers post real work without examples;
 * true labels enter only through their feedback, and versions of Duke MM are trained, measured and promoted
 * automatically.
 */
import { pythonPath } from './demo/arguments.ts';
import { USAGE, learningOptions } from './demo/learning/arguments.ts';
import type { Options } from './demo/learning/arguments.ts';
import { newBuyer } from './demo/learning/buyer.ts';
import type { Judged } from './demo/learning/buyer.ts';
import { chartHead, chartLine } from './demo/learning/chart.ts';
import { askFrozen } from './demo/learning/frozen.ts';
import { ledgerSum } from './demo/learning/ledger.ts';
import { isOver, missedPromises, reportLines } from './demo/learning/report.ts';
import { sources } from './demo/learning/sources.ts';
import { stream } from './demo/learning/stream.ts';
import { intro, runLines } from './demo/learning/tell.ts';
import { Watch } from './demo/learning/watch.ts';
import { DukeNet, hasCode } from '../client/typescript/src/index.ts';

const LINE_EVERY = 10;
const STOPPED = 130;
const say = (line = ''): void => console.log(line);

/** @returns the exit code */
async function main(options: Options, interrupted: AbortSignal): Promise<number> {
  const admin = await new DukeNet({ baseUrl: options.api }).login('admin@dukenet.local', 'DukeNET-local-1');
  const status = await admin.call('getModelStatus', {});
  const first = status.production?.version;
  if (first === undefined) throw new Error('no version serves yet');
  const work = sources(pythonPath(process.env), options.seed);
  for (const line of intro(work, status)) say(line);
  say(`\n${chartHead(first)}`);

  const started = Date.now();
  const minutes = (): string => `${((Date.now() - started) / 60_000).toFixed(1)} min`;
  const judged: Judged[] = [];
  const mark = (what: string): void => say(`  ${'─'.repeat(24)} ${what}, ${minutes()}`);
  const watch = new Watch(admin, first, {
    judged: () => judged.length,
    promoted: ({ version }) => mark(`version ${version} is in production`),
    stayed: () => mark('a run ended without a new version'),
  });
  const done = new AbortController();
  const desks = await Promise.all(
    work.map(async (source) => ({ source, api: await newBuyer(options.api, source.name) })),
  );
  const watching = watch.run(done.signal);
  const posting = stream(
    desks,
    { version: first, ask: askFrozen(options.sagemaker, first) },
    {
      over: () => isOver(judged.length, watch.promotions, options.tasks),
      waiting: () => watch.isAhead,
      judged: (task) => {
        judged.push(task);
        if (judged.length % LINE_EVERY === 0) say(chartLine(judged, watch.note));
      },
      signal: interrupted,
    },
  );
  await Promise.race([posting, watching.then(() => posting)]).finally(() => done.abort());
  await watching;
  return close(admin, { judged, watch, first, interrupted, started: new Date(started), minutes });
}

interface Seen {
  readonly judged: readonly Judged[];
  readonly watch: Watch;
  readonly first: string;
  readonly interrupted: AbortSignal;
  readonly started: Date;
  readonly minutes: () => string;
}

async function close(admin: DukeNet, seen: Seen): Promise<number> {
  const { judged, watch, first, interrupted } = seen;
  if (judged.length === 0) return interrupted.aborted ? STOPPED : 1;
  say(`\n${judged.length} tasks in ${seen.minutes()}. Training runs meanwhile:`);
  const { items } = await admin.call('listRuns', { query: { limit: 100 } });
  for (const line of runLines(items.filter((run) => run.created_at >= seen.started.toISOString()))) say(line);
  say();
  for (const line of reportLines(judged, watch.promotions, first)) say(line);
  const ledger = await ledgerSum(process.env);
  if (ledger) say(`\nLedger: ${ledger.entries} entries, which sum to ${ledger.satoshis} satoshis`);
  if (interrupted.aborted) return STOPPED;
  const missed = missedPromises(judged, watch.promotions, ledger?.satoshis);
  for (const promise of missed) say(`Missed: ${promise}`);
  return missed.length > 0 ? 1 : 0;
}

/**
 * The first Ctrl-C stops posting and judges the open tasks, so that no money stays held; the second one exits at
 * once.
 */
function onInterrupt(): AbortSignal {
  const stopping = new AbortController();
  const stop = (): void => {
    if (stopping.signal.aborted) process.exit(STOPPED);
    console.error('\nNothing more is posted; the tasks under way are judged. Ctrl-C again ends at once.');
    stopping.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return stopping.signal;
}

try {
  const options = learningOptions(process.argv.slice(2), process.env);
  if (options.help) say(USAGE);
  else process.exitCode = await main(options, onInterrupt());
} catch (error) {
  console.error(
    hasCode(error, 'unreachable')
      ? 'Nobody answers at that address. Is the marketplace running (npm start)?'
      : `The demonstration stopped: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exitCode = 1;
}
