import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { SweepMessage } from '../../contracts/entities/task.ts';
import { TASKS_ASIDE } from '../../contracts/events/metrics.ts';
import { allShards, INDEX_SHARDS } from '../../contracts/naming.ts';
import { Env as ApiEnv } from '../../lambdas/tasks/api.env.ts';
import { Env as CompleteEnv } from '../../lambdas/tasks/complete.env.ts';
import { Env as ExecuteEnv } from '../../lambdas/tasks/execute.env.ts';
import { Env as PlanEnv } from '../../lambdas/tasks/plan.env.ts';
import { Env as SweepEnv } from '../../lambdas/tasks/sweep.env.ts';
import type { DataStack } from '../data-stack.ts';
import type { DukeEndpoint } from '../serving/duke-endpoint.ts';
import { alarm } from '../shared/alarm.ts';
import { apiFunction } from '../shared/api-function.ts';
import { TypedFunction } from '../shared/typed-function.ts';
import type { FunctionDefaults, TypedFunctionProps } from '../shared/typed-function.ts';
import { WorkQueue } from '../shared/work-queue.ts';

export interface TasksProps {
  readonly defaults: FunctionDefaults;
  readonly data: DataStack;
  readonly endpoint: DukeEndpoint;
}

const PLAN_TIMEOUT = Duration.minutes(2);
/** SageMaker answers or gives up within 60 s; the rest is reading the chunk and writing what came back. */
const EXECUTE_TIMEOUT = Duration.seconds(80);
const COMPLETE_TIMEOUT = Duration.minutes(2);
const SWEEP_TIMEOUT = Duration.seconds(50);
/** EventBridge's own limit. */
const TARGETS_OF_A_RULE = 5;

/** A task's whole life: create → plan → execute chunk by chunk → complete → review; the sweep ends what time has ended. */
export class Tasks extends Construct {
  readonly api: TypedFunction<typeof ApiEnv>;
  /** Asks the endpoint. */
  readonly execute: TypedFunction<typeof ExecuteEnv>;
  /** Hears of tasks to plan. */
  readonly created: WorkQueue;
  /** Hears of tasks whose chunks are all answered. */
  readonly done: WorkQueue;
  private readonly props: TasksProps;

  constructor(scope: Construct, id: string, props: TasksProps) {
    super(scope, id);
    this.props = props;
    const { defaults, data } = props;
    this.api = apiFunction(this, {
      defaults,
      capability: 'tasks',
      // A verdict holds the output in memory, and that may be 100 MB.
      memory: 'parser',
      envSchema: ApiEnv,
      environment: {
        DUKE_DEADLINE_MINUTES: String(defaults.stage.dukeDeadlineMinutes),
        BASE_PRICE_SATOSHIS: String(defaults.stage.pricing.basePriceSatoshis),
      },
    });
    data.table.grant(this.api, 'readWrite', ['owner', 'worker', 'all']);
    data.users.grantVerify(this.api);
    data.work.grant(this.api, {
      read: [
        'taskInputs',
        'chunkItems',
        'chunkResults',
        'corrections',
        'outputCsv',
        'outputJson',
        'outputJsonl',
        'judgedOutputCsv',
        'judgedOutputJson',
        'judgedOutputJsonl',
      ],
      write: ['taskInputs', 'corrections', 'judgedOutputCsv', 'judgedOutputJson', 'judgedOutputJsonl'],
    });

    // A verdict renders the output anew.
    data.files.grant(this.api, { read: ['ready'] });

    const chunks = this.queue('Chunks', EXECUTE_TIMEOUT);
    this.execute = this.execution(chunks);
    this.created = this.planning(chunks);
    this.done = this.completion();
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
    });
    data.table.grant(plan, 'readWrite');
    data.files.grant(plan, { read: ['ready'] });
    data.work.grant(plan, { read: ['taskInputs'], write: ['examples', 'chunkItems'] });
    chunks.grantSend(plan);
    const created = this.queue('Created', PLAN_TIMEOUT);
    created.consumedBy(plan, { batchSize: 1 });
    return created;
  }

  private completion(): WorkQueue {
    const { data } = this.props;
    const complete = this.worker('Complete', {
      name: 'complete',
      envSchema: CompleteEnv,
      timeout: COMPLETE_TIMEOUT,
      memory: 'parser',
    });
    data.table.grant(complete, 'readWrite');
    data.files.grant(complete, { read: ['ready'] });
    data.work.grant(complete, {
      read: ['taskInputs', 'chunkItems', 'chunkResults'],
      write: ['outputCsv', 'outputJson', 'outputJsonl'],
    });
    const done = this.queue('Done', COMPLETE_TIMEOUT);
    done.consumedBy(complete, { batchSize: 1 });
    return done;
  }

  private sweeping(): void {
    const { data, defaults } = this.props;
    const sweep = this.worker('Sweep', {
      name: 'sweep',
      envSchema: SweepEnv,
      timeout: SWEEP_TIMEOUT,
      memory: 'worker',
      environment: { STAGE: defaults.stage.name },
    });
    data.table.grant(sweep, 'readWrite', ['due']);
    const shards = this.queue('Shards', SWEEP_TIMEOUT);
    // One shard a call, so that one that is slow, or ends its function, costs the others nothing.
    shards.consumedBy(sweep, { batchSize: 1, maxConcurrency: 2 });
    this.everyMinute(shards);
    alarm(this, 'TasksAside', {
      severity: 'high',
      runbook: 'Due tasks cannot be ended',
      what: 'Tasks are past their time and cannot be ended: their money stays held',
      metric: new Metric({
        namespace: TASKS_ASIDE.namespace,
        metricName: TASKS_ASIDE.name,
        dimensionsMap: TASKS_ASIDE.dimensions(defaults.stage.name),
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
    });
    alarm(this, 'ShardsUnswept', {
      severity: 'high',
      runbook: 'Due tasks cannot be ended',
      what: 'The sweep of a shard failed several times: nothing in it is ended in time',
      metric: shards.deadLetters.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
    });
  }

  /** One message a shard; what one minute misses the next one brings. */
  private everyMinute(shards: WorkQueue): void {
    for (let first = 0; first < INDEX_SHARDS; first += TARGETS_OF_A_RULE) {
      const targets = allShards().slice(first, first + TARGETS_OF_A_RULE);
      new Rule(this, `EveryMinute${first}`, {
        schedule: Schedule.rate(Duration.minutes(1)),
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

  private queue(id: string, workerTimeout: Duration): WorkQueue {
    return new WorkQueue(this, id, { stage: this.props.defaults.stage, workerTimeout });
  }
}
