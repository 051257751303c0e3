import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Env as ApiEnv } from '../../lambdas/learning/api.env.ts';
import { Env as ShadowEnv } from '../../lambdas/learning/shadow/shadow.env.ts';
import { RecordEnv } from '../../lambdas/learning/outcomes/outcomes.env.ts';
import type { DataStack } from '../data-stack.ts';
import type { DukeContainer } from '../serving/duke-container.ts';
import type { DukeEndpoint } from '../serving/duke-endpoint.ts';
import { apiFunction } from '../shared/api-function.ts';
import { collectedBatches, queueWorker } from '../shared/queue-worker.ts';
import type { FunctionDefaults, TypedFunction } from '../shared/typed-function.ts';
import type { WorkQueue } from '../shared/work-queue.ts';
import { rollbackAlarm } from './training-alarms.ts';
import { TrainingJobs } from './training-jobs.ts';
import { TrainingMachine } from './training-machine.ts';
import { watchSettings } from './training-steps.ts';
import { TrainingTriggers } from './training-triggers.ts';

export interface LearningProps {
  readonly defaults: FunctionDefaults;
  readonly data: DataStack;
  readonly endpoint: DukeEndpoint;
  /** Undefined on the local stage, whose jobs are processes. */
  readonly container: DukeContainer | undefined;
}

/**
 * The learning loop: verdicts become outcomes, outcomes trigger training runs, and a run promotes a better version or
 * records why not.
 */
export class Learning extends Construct {
  readonly api: TypedFunction<typeof ApiEnv>;
  readonly jobs: TrainingJobs;
  readonly machine: TrainingMachine;
  /** Receives verdicts. */
  readonly judged: WorkQueue;
  /** Receives deliveries and verdicts, for versions in shadow. */
  readonly shadowed: WorkQueue;
  /** Receives training triggers. */
  readonly causes: WorkQueue;

  constructor(scope: Construct, id: string, props: LearningProps) {
    super(scope, id);
    const { defaults, data, endpoint, container } = props;
    this.judged = this.recordOutcomes(props);
    this.shadowed = this.answerInShadow(props);
    this.jobs = new TrainingJobs(this, 'Jobs', { stage: defaults.stage, data, container });
    this.machine = new TrainingMachine(this, 'Machine', { defaults, data, endpoint, jobs: this.jobs });
    const triggers = new TrainingTriggers(this, 'Triggers', {
      defaults,
      data,
      jobs: this.jobs,
      machine: this.machine,
    });
    this.causes = triggers.causes;

    this.api = apiFunction(this, {
      defaults,
      capability: 'learning',
      envSchema: ApiEnv,
      environment: { NIGHTLY_AT: defaults.stage.training.nightlyAt, ...watchSettings(defaults.stage) },
    });
    data.table.grant(this.api, 'readWrite', ['all']);
    data.users.grantVerify(this.api);
    data.work.grant(this.api, { read: ['report', 'modelCard'] });
    endpoint.grantInvoke(this.api);
    endpoint.grantDescribe(this.api);
    this.machine.grantStart(this.api);
  }

  /** Turns judged results into training examples and counts them in batches. */
  private recordOutcomes({ defaults, data }: LearningProps): WorkQueue {
    const record = queueWorker(this, {
      ids: { worker: 'Record', queue: 'Judged' },
      defaults,
      capability: 'learning',
      folder: 'outcomes',
      name: 'record',
      envSchema: RecordEnv,
      timeout: Duration.minutes(3),
      memory: 'parser',
      consumption: collectedBatches(defaults.stage),
      severity: 'low',
      summaries: {
        failed: 'The recorder of outcomes ends with an error or a timeout: verdicts are learned from late',
        givenUp: 'The outcomes of a judged task could not be recorded: nothing is learned from it',
      },
    });
    data.table.grant(record.worker, 'readWrite');
    data.work.grant(record.worker, {
      read: ['chunkItems', 'chunkResults', 'draft', 'corrections', 'outcomes', 'recalled'],
      write: ['outcomes', 'recalled', 'withdrawal'],
      remove: ['outcomes', 'recalled'],
    });
    return record.queue;
  }

  /** Lets a second version answer delivered tasks unseen, and counts people's verdicts on both. */
  private answerInShadow({ defaults, data, endpoint }: LearningProps): WorkQueue {
    const { stage } = defaults;
    const shadow = queueWorker(this, {
      ids: { worker: 'Shadow', queue: 'Shadowed' },
      defaults,
      capability: 'learning',
      folder: 'shadow',
      name: 'shadow',
      envSchema: ShadowEnv,
      environment: {
        STAGE: stage.name,
        MAX_RECEIVES: String(stage.maxReceives),
        SHADOW_SHARE: String(stage.training.trials.share),
      },
      // Two requests to the endpoint of up to 65 s for each of two trials.
      timeout: Duration.minutes(5),
      memory: 'worker',
      consumption: { batchSize: 1, maxConcurrency: 2 },
      severity: 'low',
      summaries: {
        failed:
          'The worker for versions in shadow ends with an error or a timeout: verdicts on them count late',
        givenUp: 'A task could not be counted for a version in shadow',
      },
    });
    data.table.grant(shadow.worker, 'readWrite');
    data.work.grant(shadow.worker, {
      read: ['chunkItems', 'chunkResults', 'draft', 'corrections', 'recalled', 'shadowAnswers'],
      write: ['shadowAnswers'],
    });
    endpoint.grantInvoke(shadow.worker);
    rollbackAlarm(this, stage.name);
    return shadow.queue;
  }
}
