import type { Construct } from 'constructs';
import type * as z from 'zod';
import { Env as ApiEnv } from '../../lambdas/tasks/api.env.ts';
import { Env as JudgeEnv } from '../../lambdas/tasks/judge.env.ts';
import { Env as QuoteEnv } from '../../lambdas/tasks/quote.env.ts';
import { Env as WorkEnv } from '../../lambdas/tasks/work.env.ts';
import type { AlarmText } from '../shared/alarm.ts';
import { API_TIMEOUT, apiFunction } from '../shared/api-function.ts';
import { TypedFunction } from '../shared/typed-function.ts';
import { selectionSettings } from './tasks-props.ts';
import type { TasksProps } from './tasks-props.ts';

/**
 * The routes of tasks in four functions: one bundle would exceed its limit, and each function has only the
 * permissions of its own routes.
 */

const OUTPUTS = ['outputCsv', 'outputJson', 'outputJsonl'] as const;
const JUDGED_OUTPUTS = ['judgedOutputCsv', 'judgedOutputJson', 'judgedOutputJsonl'] as const;

/** Posts, lists and cancels tasks, and reads results. */
export function buyerApi(scope: Construct, { defaults, data }: TasksProps): TypedFunction<typeof ApiEnv> {
  const api = apiFunction(scope, {
    defaults,
    capability: 'tasks',
    // Pages of items and answers are read from objects of several MB.
    memory: 'parser',
    envSchema: ApiEnv,
    environment: selectionSettings(defaults.stage),
  });
  data.table.grant(api, 'readWrite', ['owner', 'worker', 'all', 'available']);
  data.users.grantVerify(api);
  data.work.grant(api, {
    read: [
      'taskInputs',
      'draft',
      'chunkItems',
      'chunkResults',
      'corrections',
      // For URLs that it signs.
      ...OUTPUTS,
      ...JUDGED_OUTPUTS,
    ],
    // Of tasks that are split while they are posted: chunks and examples.
    write: ['taskInputs', 'chunkItems', 'examples'],
  });
  return api;
}

/** Takes verdicts: renders the output again, with the corrections in it. */
export function verdictApi(scope: Construct, props: TasksProps): TypedFunction<typeof JudgeEnv> {
  const { data } = props;
  const verdicts = ownFunction(scope, props, {
    id: 'Judge',
    name: 'judge',
    envSchema: JudgeEnv,
    severity: 'high',
    summary: 'Verdicts end with a crash or a timeout',
  });
  data.table.grant(verdicts, 'readWrite');
  data.users.grantVerify(verdicts);
  data.files.grant(verdicts, { read: ['ready'] });
  data.work.grant(verdicts, {
    read: ['taskInputs', 'draft', 'chunkResults'],
    write: ['corrections', ...JUDGED_OUTPUTS],
  });
  return verdicts;
}

/** Serves agents at work. The last answer renders the output. */
export function agentWorkApi(scope: Construct, props: TasksProps): TypedFunction<typeof WorkEnv> {
  const { data, defaults } = props;
  const work = ownFunction(scope, props, {
    id: 'Work',
    name: 'work',
    envSchema: WorkEnv,
    environment: selectionSettings(defaults.stage),
    severity: 'high',
    summary: 'Requests of agents that work on tasks end with a crash or a timeout',
  });
  data.table.grant(work, 'readWrite', ['worker', 'available']);
  data.users.grantVerify(work);
  data.files.grant(work, { read: ['ready'] });
  data.work.grant(work, {
    read: ['taskInputs', 'itemIds', 'examples', 'chunkItems', 'chunkResults', 'draft'],
    write: ['itemIds', 'draft', ...OUTPUTS],
  });
  return work;
}

/** Quotes tasks. Calls the endpoint and reads tables, which no other route of tasks does. */
export function quoteApi(scope: Construct, props: TasksProps): TypedFunction<typeof QuoteEnv> {
  const { data, defaults, endpoint } = props;
  const quotes = ownFunction(scope, props, {
    id: 'Quote',
    name: 'quote',
    envSchema: QuoteEnv,
    environment: selectionSettings(defaults.stage),
    severity: 'medium',
    summary: 'Requests for quotes end with a crash or a timeout',
  });
  data.table.grant(quotes, 'readWrite', ['available']);
  data.users.grantVerify(quotes);
  data.files.grant(quotes, { read: ['ready'] });
  data.work.grant(quotes, { write: ['examples'], remove: ['examples'] });
  endpoint.grantInvoke(quotes);
  return quotes;
}

interface OwnFunction<E extends z.ZodObject> extends Pick<AlarmText, 'severity' | 'summary'> {
  readonly id: string;
  readonly name: string;
  readonly envSchema: E;
  readonly environment?: ReturnType<typeof selectionSettings>;
}

/** A function that holds whole tables or outputs in memory, up to 100 MB, while its caller waits. */
function ownFunction<E extends z.ZodObject>(
  scope: Construct,
  { defaults }: TasksProps,
  { id, severity, summary, ...own }: OwnFunction<E>,
): TypedFunction<E> {
  return new TypedFunction<E>(scope, id, {
    ...(own as Pick<OwnFunction<E>, 'name' | 'envSchema'>),
    defaults,
    capability: 'tasks',
    timeout: API_TIMEOUT,
    memory: 'parser',
    alarm: { severity, runbook: 'A function fails', summary },
  });
}
