import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { SweepMessage } from '../../contracts/entities/task-messages.ts';
import { TASKS_ASIDE } from '../../contracts/events/metrics.ts';
import { allShards, INDEX_SHARDS } from '../../contracts/naming.ts';
import type { Env as ApiEnv } from '../../lambdas/tasks/api.env.ts';
import { Env as CompleteEnv } from '../../lambdas/tasks/complete.env.ts';
import { Env as ExecuteEnv } from '../../lambdas/tasks/execute.env.ts';
import { Env as PlanEnv } from '../../lambdas/tasks/plan.env.ts';
import type { Env as JudgeEnv } from '../../lambdas/tasks/judge.env.ts';
import type { Env as QuoteEnv } from '../../lambdas/tasks/quote.env.ts';
import { Env as SweepEnv } from '../../lambdas/tasks/sweep.env.ts';
import { Env as WithdrawEnv } from '../../lambdas/tasks/withdraw.env.ts';
import type { Env as WorkEnv } from '../../lambdas/tasks/work.env.ts';
import { alarm, ALARM_PERIOD } from '../shared/alarm.ts';
import type { AlarmText } from '../shared/alarm.ts';
import { scheduledRule } from '../shared/schedule.ts';
import { TypedFunction } from '../shared/typed-function.ts';
import type { TypedFunctionProps } from '../shared/typed-function.ts';
import { WorkQueue } from '../shared/work-queue.ts';
import { agentWorkApi, buyerApi, quoteApi, verdictApi } from './task-apis.ts';
import { selectionSettings } from './tasks-props.ts';
import type { TasksProps } from './tasks-props.ts';

const PLAN_TIMEOUT = Duration.minutes(2);
/** SageMaker's limit of 60 s, and time to read the chunk and write the answers. */
const EXECUTE_TIMEOUT = Duration.seconds(80);
const COMPLETE_TIMEOUT = Duration.minutes(2);
const WITHDRAW_TIMEOUT = Duration.minutes(1);
const SWEEP_TIMEOUT = Duration.seconds(50);
/** EventBridge's limit. */
const MAX_RULE_TARGETS = 5;

const failing = (worker: string, consequence: string): AlarmText => ({
  severity: 'medium',
  runbook: 'A function fails',
  summary: `${worker} ends with an error or a timeout: ${consequence}`,
});

/** The life of a task: create → plan → execute by chunks → complete → review. The sweep ends tasks past their time. */
export class Tasks extends Construct {
  readonly api: TypedFunction<typeof ApiEnv>;
  /** Serves the routes of agents at work. */
  readonly work: TypedFunction<typeof WorkEnv>;
  /** Serves quotes. */
  readonly quotes: TypedFunction<typeof QuoteEnv>;
  /** Takes verdicts. */
  readonly verdicts: TypedFunction<typeof JudgeEnv>;
  /** Calls the endpoint. */
  readonly execute: TypedFunction<typeof ExecuteEnv>;
  /** Receives the chunks of tasks for Duke MM. */
  readonly chunks: WorkQueue;
  /** Receives new tasks. */
  readonly created: WorkQueue;
  /** Receives tasks whose chunks are all answered. */
  readonly done: WorkQueue;
  /** Receives agents whose account was disabled or enabled. */
  readonly accountChanged: WorkQueue;
  private readonly props: TasksProps;

  constructor(scope: Construct, id: string, props: TasksProps) {
    super(scope, id);
    this.props = props;
    this.api = buyerApi(this, props);
    this.verdicts = verdictApi(this, props);
    this.work = agentWorkApi(this, props);
    this.quotes = quoteApi(this, props);
    this.chunks = this.queue('Chunks', EXECUTE_TIMEOUT, 'A part of a task was given up: the task has failed');
    this.chunks.grantSend(this.api);
    this.execute = this.execution(this.chunks);
    this.created = this.planning(this.chunks);
    this.done = this.completion();
    this.accountChanged = this.withdrawal();
    this.sweeping();
  }

  private execution(chunks: WorkQueue): TypedFunction<typeof ExecuteEnv> {
    const { defaults, data, endpoint } = this.props;
    const execute = this.worker('Execute', {
      name: 'execute',
      envSchema: ExecuteEnv,
      environment: { MAX_RECEIVES: String(defaults.stage.maxReceives) },
      timeout: EXECUTE_TIMEOUT,
      memory: 'worker',
      alarm: failing('The worker that asks the model', 'tasks are answered late'),
    });
    data.table.grant(execute, 'readWrite');
    data.work.grant(execute, { read: ['chunkItems'], write: ['chunkResults'] });
    endpoint.grantInvoke(execute);
    chunks.grantSend(execute);
    chunks.consumedBy(execute, { batchSize: 1, maxConcurrency: defaults.stage.executeConcurrency });
    return execute;
  }

  private planning(chunks: WorkQueue): WorkQueue {
    const { data } = this.props;
    const plan = this.worker('Plan', {
      name: 'plan',
      envSchema: PlanEnv,
      timeout: PLAN_TIMEOUT,
      memory: 'parser',
      alarm: failing('The planner of tasks', 'tasks start late'),
    });
    data.table.grant(plan, 'readWrite');
    data.files.grant(plan, { read: ['ready'] });
    data.work.grant(plan, { read: ['taskInputs'], write: ['examples', 'chunkItems'] });
    chunks.grantSend(plan);
    const created = this.queue(
      'Created',
      PLAN_TIMEOUT,
      'A task could not be planned: it waits until its deadline',
    );
    created.consumedBy(plan, { batchSize: 1 });
    return created;
  }

  private completion(): WorkQueue {
    const { data } = this.props;
    const complete = this.worker('Complete', {
      name: 'complete',
      envSchema: CompleteEnv,
      environment: selectionSettings(this.props.defaults.stage),
      timeout: COMPLETE_TIMEOUT,
      memory: 'parser',
      alarm: failing('The worker that assembles results', 'results are delivered late'),
    });
    data.table.grant(complete, 'readWrite', ['available']);
    data.files.grant(complete, { read: ['ready'] });
    data.work.grant(complete, {
      read: ['taskInputs', 'chunkItems', 'chunkResults', 'draft'],
      // Of a review: the items that Duke MM is unsure of, and its answers with those of the reviewer.
      write: ['chunkItems', 'draft', 'outputCsv', 'outputJson', 'outputJsonl'],
    });
    const done = this.queue(
      'Done',
      COMPLETE_TIMEOUT,
      'A result could not be assembled: its task waits until its deadline',
    );
    done.consumedBy(complete, { batchSize: 1 });
    return done;
  }

  private withdrawal(): WorkQueue {
    const { data, defaults } = this.props;
    const withdraw = this.worker('Withdraw', {
      name: 'withdraw',
      envSchema: WithdrawEnv,
      environment: selectionSettings(defaults.stage),
      timeout: WITHDRAW_TIMEOUT,
      memory: 'worker',
      alarm: failing('The worker that takes tasks from disabled agents', 'they wait for their deadline'),
    });
    data.table.grant(withdraw, 'readWrite', ['worker', 'available']);
    const changed = this.queue(
      'AccountChanged',
      WITHDRAW_TIMEOUT,
      'The tasks of a disabled agent were not given to others: they wait for their deadline',
    );
    changed.consumedBy(withdraw, { batchSize: 1 });
    return changed;
  }

  private sweeping(): void {
    const { data, defaults } = this.props;
    const sweep = this.worker('Sweep', {
      name: 'sweep',
      envSchema: SweepEnv,
      timeout: SWEEP_TIMEOUT,
      memory: 'worker',
      environment: { STAGE: defaults.stage.name, ...selectionSettings(defaults.stage) },
      alarm: failing('The sweep of due tasks', 'tasks end late'),
    });
    data.table.grant(sweep, 'readWrite', ['due', 'available']);
    const shards = new WorkQueue(this, 'Shards', {
      stage: defaults.stage,
      workerTimeout: SWEEP_TIMEOUT,
      alarm: {
        severity: 'high',
        runbook: 'Due tasks cannot be ended',
        summary: 'The sweep of a shard failed several times: nothing in it is ended in time',
      },
    });
    // One shard per invocation, so that one that is slow or crashes does not delay the others.
    // All shards at the same time: with fewer, those that come last would wait while the first ones use all of their time.
    const maxConcurrency = defaults.stage.name === 'local' ? 2 : INDEX_SHARDS;
    shards.consumedBy(sweep, { batchSize: 1, maxConcurrency });
    this.everyMinute(shards);
    alarm(this, 'TasksAside', {
      severity: 'high',
      runbook: 'Due tasks cannot be ended',
      summary: 'Tasks are past their time and cannot be ended: their money stays held',
      metric: new Metric({
        namespace: TASKS_ASIDE.namespace,
        metricName: TASKS_ASIDE.name,
        dimensionsMap: TASKS_ASIDE.dimensions(defaults.stage.name),
        statistic: 'Maximum',
        period: ALARM_PERIOD,
      }),
      threshold: 1,
    });
  }

  /** One message per shard and minute. A lost one is not repeated: the next minute sends another. */
  private everyMinute(shards: WorkQueue): void {
    for (let first = 0; first < INDEX_SHARDS; first += MAX_RULE_TARGETS) {
      const targets = allShards().slice(first, first + MAX_RULE_TARGETS);
      scheduledRule(this, `EveryMinute${first}`, {
        minutes: 1,
        alarm: {
          severity: 'high',
          runbook: 'A schedule does not run',
          summary: 'The sweep of due tasks is not started every minute: tasks end late',
        },
        targets: targets.map(
          (shard) =>
            new SqsQueue(shards.queue, {
              message: RuleTargetInput.fromObject({ shard } satisfies SweepMessage),
              deadLetterQueue: shards.deadLetters,
              retryAttempts: 0,
              maxEventAge: Duration.minutes(1),
            }),
        ),
      });
    }
  }

  private worker<E extends z.ZodObject>(
    id: string,
    props: Omit<TypedFunctionProps<E>, 'defaults' | 'capability'>,
  ): TypedFunction<E> {
    return new TypedFunction<E>(this, id, { ...props, defaults: this.props.defaults, capability: 'tasks' });
  }

  /** @param summary of the alarm for messages that were given up */
  private queue(id: string, workerTimeout: Duration, summary: string): WorkQueue {
    return new WorkQueue(this, id, {
      stage: this.props.defaults.stage,
      workerTimeout,
      alarm: { severity: 'high', runbook: 'Messages in a dead-letter queue', summary },
    });
  }
}
