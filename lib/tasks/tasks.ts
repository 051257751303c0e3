import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type * as z from 'zod';
import { DUKE_MM_ID } from '../../contracts/entities/common.ts';
import { Env as ApiEnv } from '../../lambdas/tasks/api.env.ts';
import { Env as CompleteEnv } from '../../lambdas/tasks/complete.env.ts';
import { Env as ExecuteEnv } from '../../lambdas/tasks/execute.env.ts';
import { Env as PlanEnv } from '../../lambdas/tasks/plan.env.ts';
import { Env as SweepEnv } from '../../lambdas/tasks/sweep.env.ts';
import type { DataStack } from '../data-stack.ts';
import type { Events } from '../events/events.ts';
import type { DukeEndpoint } from '../serving/duke-endpoint.ts';
import { apiFunction } from '../shared/api-function.ts';
import { TypedFunction } from '../shared/typed-function.ts';
import type { FunctionDefaults, TypedFunctionProps } from '../shared/typed-function.ts';
import { WorkQueue } from '../shared/work-queue.ts';

export interface TasksProps {
  readonly defaults: FunctionDefaults;
  readonly data: DataStack;
  readonly events: Events;
  readonly endpoint: DukeEndpoint;
}

const PLAN_TIMEOUT = Duration.minutes(2);
/** SageMaker answers or gives up within 60 s; the rest is reading the chunk and writing what came back. */
const EXECUTE_TIMEOUT = Duration.seconds(80);
const COMPLETE_TIMEOUT = Duration.minutes(2);

/** A task's whole life: create → plan → execute chunk by chunk → complete → review; the sweep ends what time has ended. */
export class Tasks extends Construct {
  readonly api: TypedFunction<typeof ApiEnv>;
  /** Asks the endpoint. */
  readonly execute: TypedFunction<typeof ExecuteEnv>;
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
        'judgedOutputCsv',
        'judgedOutputJson',
      ],
      write: ['taskInputs', 'corrections', 'judgedOutputCsv', 'judgedOutputJson'],
    });

    // A verdict renders the output anew.
    data.files.grant(this.api, { read: ['ready'] });

    const chunks = this.queue('Chunks', EXECUTE_TIMEOUT);
    this.execute = this.execution(chunks);
    this.planning(chunks);
    this.completion();
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

  private planning(chunks: WorkQueue): void {
    const { data, events } = this.props;
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
    events.deliver('task.created', created, { assigned_agent_id: DUKE_MM_ID });
  }

  private completion(): void {
    const { data, events } = this.props;
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
      write: ['outputCsv', 'outputJson'],
    });
    const done = this.queue('Done', COMPLETE_TIMEOUT);
    done.consumedBy(complete, { batchSize: 1 });
    events.deliver('task.chunks_done', done);
  }

  private sweeping(): void {
    const { data } = this.props;
    const sweep = this.worker('Sweep', {
      name: 'sweep',
      envSchema: SweepEnv,
      timeout: Duration.seconds(50),
      memory: 'worker',
    });
    data.table.grant(sweep, 'readWrite', ['due']);
    // What one minute misses the next one finds: a failed sweep is not repeated.
    sweep.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    new Rule(this, 'EveryMinute', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(sweep, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
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
