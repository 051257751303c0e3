import type { ModelStatus, RunSummary } from '../../../contracts/api/model-views.ts';
import { readStage } from '../../../lib/stage.ts';
import { ITEMS_PER_TASK } from './sources.ts';
import type { Source } from './sources.ts';
import { TASKS_PER_RUN } from './watch.ts';

/**
 * Training settings in which the local stage differs from production. The thresholds of the triggers are constants in
 * the code.
 */
export function differences(): string[] {
  const environment = { CDK_DEFAULT_REGION: 'eu-central-1' };
  const settingsOf = (stage: string) => {
    const { trials, ...training } = readStage({
      context: (name) => (name === 'stage' ? stage : undefined),
      environment,
    }).training;
    return { ...training, ...trials };
  };
  const [local, prod] = [settingsOf('local'), settingsOf('prod')];
  return (Object.keys(local) as (keyof typeof local)[])
    .filter((name) => local[name] !== prod[name])
    .map((name) => `${name} ${local[name]} (prod: ${prod[name]})`);
}

export function intro(sources: readonly Source[], status: ModelStatus): string[] {
  const { outcomes_per_run, success_rate_floor } = status.triggers;
  return [
    `Three new buyers post tasks of ${ITEMS_PER_TASK} items without examples, and send the right answer for each wrong one:`,
    ...sources.map(({ name, modality, as, labels, from }) => {
      const way = { csv: 'a CSV file', json: 'a JSON file', items: 'inline items' }[as];
      return `  ${name.padEnd(8)} ${modality}, ${labels.length} labels, as ${way}; ${from}`;
    }),
    '',
    `Version ${status.production?.version} serves. A new one is trained after ${outcomes_per_run} judged items, or when less than ${100 * success_rate_floor} % of`,
    `the last 100 tasks were right. Each line below is ten tasks later: ● is Duke MM as it learns, ○ the version of the`,
    `beginning, asked the same items. While a version is trained, the buyers wait after ${TASKS_PER_RUN} tasks: both need this machine.`,
    `Ctrl-C ends in good order. Settings of training that differ from production: ${differences().join(', ')}.`,
  ];
}

/** The outcome of each run, oldest first. */
export function runLines(runs: readonly RunSummary[]): string[] {
  return runs.toReversed().map((run) => {
    const seconds =
      run.finished_at === null
        ? ''
        : ` in ${Math.round((Date.parse(run.finished_at) - Date.parse(run.created_at)) / 1000)} s`;
    const learned = run.data
      ? `${run.data.train} train, ${run.data.validation} validation, ${run.data.reservoir} reservoir`
      : '';
    const why = run.failure ? `${run.failure.step}: ${run.failure.cause}` : run.reasons.join(' ');
    const head = `  ${run.trigger.reason} (${run.trigger.detail}): ${run.status}${seconds}`;
    return [head, run.version && `v${run.version}`, learned, why].filter(Boolean).join('; ');
  });
}
