import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { jobName } from '../../contracts/naming.ts';
import type { DataStack } from '../data-stack.ts';
import type { DukeContainer } from '../serving/duke-container.ts';
import { CHECKPOINTS, patternsOf } from '../shared/object-keys.ts';
import type { ObjectKey } from '../shared/object-keys.ts';
import type { NeedsEnv } from '../shared/typed-function.ts';
import type { StageConfig } from '../stage-config.ts';

export interface TrainingJobsProps {
  readonly stage: StageConfig;
  readonly data: DataStack;
  readonly container: DukeContainer | undefined;
}

type Kind = 'training' | 'processing';
type JobVariables =
  'STAGE' | 'JOB_IMAGE' | 'JOB_ROLE_ARN' | 'JOB_INSTANCE_TYPE' | 'JOB_MAX_MINUTES' | 'JOB_KEY_ARN';

/** Wildcards for a run id, one per character, so that a policy covers the jobs of this stage only. */
const RUN = '????????-????-????-????-????????????';
const DATA: readonly ObjectKey[] = ['manifest', 'dataTrain', 'dataValidation', 'dataReservoir', 'artifact'];

/**
 * The SageMaker jobs of training runs: permissions of the steps that create them, and the roles of the jobs
 * themselves. Jobs are not resources of the stack; a step creates them.
 */
export class TrainingJobs extends Construct {
  /** Role of the training job; undefined on the local stage. */
  readonly trainer: Policy | undefined;
  /** Role of the processing job that evaluates; undefined on the local stage. */
  readonly evaluator: Policy | undefined;
  private readonly props: TrainingJobsProps;
  private readonly roles: Readonly<Record<Kind, Role>> | undefined;

  constructor(scope: Construct, id: string, props: TrainingJobsProps) {
    super(scope, id);
    this.props = props;
    const { container } = props;
    if (!container) return;
    const training = this.role('Trainer', container);
    const processing = this.role('Evaluator', container);
    this.roles = { training, processing };
    const { work } = props.data;
    this.trainer = this.allow('TrainerMay', training, container, [
      ...this.objects(DATA, ['trained', 'jobOutput']),
      new PolicyStatement({
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: [work.bucket.arnForObjects(CHECKPOINTS)],
      }),
      ...this.logs('training'),
    ]);
    this.evaluator = this.allow('EvaluatorMay', processing, container, [
      ...this.objects([...DATA, 'trained', 'trainingLog'], ['report', 'modelCard', 'recomposed']),
      ...this.logs('processing'),
    ]);
  }

  /** Lets a function create jobs of one kind, with the role of that kind only. */
  grantCreate(fn: NeedsEnv<JobVariables>, kind: Kind): void {
    const { stage, data, container } = this.props;
    const role = this.roles?.[kind];
    fn.set({
      STAGE: stage.name,
      JOB_IMAGE: container?.image.imageUri ?? 'duke-mm',
      JOB_ROLE_ARN: role?.roleArn ?? 'arn:aws:iam::000000000000:role/duke-mm',
      JOB_INSTANCE_TYPE:
        kind === 'training' ? stage.training.instanceType : stage.training.evaluationInstanceType,
      JOB_MAX_MINUTES: String(stage.training.maxMinutes),
      ...(data.key && { JOB_KEY_ARN: data.key.keyArn }),
    } as Record<JobVariables, string>);
    fn.allow(new PolicyStatement({ actions: [actionOn(kind, 'Create')], resources: [this.arnOf(kind)] }));
    if (!role) return;
    fn.allow(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      }),
    );
  }

  /** Lets a function describe or stop jobs. */
  grant(fn: NeedsEnv<'STAGE'>, verb: 'Describe' | 'Stop', kinds: readonly Kind[]): void {
    fn.set({ STAGE: this.props.stage.name });
    for (const kind of kinds) {
      fn.allow(new PolicyStatement({ actions: [actionOn(kind, verb)], resources: [this.arnOf(kind)] }));
    }
  }

  private arnOf(kind: Kind): string {
    return Stack.of(this).formatArn({
      service: 'sagemaker',
      resource: `${kind}-job`,
      resourceName: jobName(this.props.stage.name, RUN),
    });
  }

  private role(id: string, container: DukeContainer): Role {
    return new Role(this, id, {
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
      managedPolicies: [container.basics],
    });
  }

  private allow(id: string, role: Role, container: DukeContainer, statements: PolicyStatement[]): Policy {
    const { key, work, files } = this.props.data;
    return new Policy(this, id, {
      roles: [role],
      statements: [
        ...statements,
        new PolicyStatement({
          actions: ['s3:ListBucket'],
          resources: [work.bucket.bucketArn, files.bucket.bucketArn],
        }),
        ...(key
          ? [
              new PolicyStatement({
                // SageMaker calls Encrypt for outputs that name a key.
                actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
                resources: [key.keyArn],
              }),
            ]
          : []),
        container.pullStatement(),
      ],
    });
  }

  /** Media of items are in the files bucket; everything else is in the work bucket. */
  private objects(read: readonly ObjectKey[], write: readonly ObjectKey[]): PolicyStatement[] {
    const { work, files } = this.props.data;
    const arns = (kinds: readonly ObjectKey[]) =>
      kinds.flatMap(patternsOf).map((pattern) => work.bucket.arnForObjects(pattern));
    return [
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: [
          ...arns(read),
          ...patternsOf('ready').map((pattern) => files.bucket.arnForObjects(pattern)),
        ],
      }),
      new PolicyStatement({ actions: ['s3:PutObject'], resources: arns(write) }),
    ];
  }

  /** The two log groups belong to the account, not to the stage. Streams are named by job, host and second. */
  private logs(kind: Kind): PolicyStatement[] {
    const group = kind === 'training' ? 'TrainingJobs' : 'ProcessingJobs';
    const arn = (resourceName: string): string =>
      Stack.of(this).formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    const name = jobName(this.props.stage.name, RUN);
    return [
      // Actions on a log group are evaluated on its ARN with `:*` appended.
      new PolicyStatement({
        actions: ['logs:CreateLogGroup', 'logs:DescribeLogStreams'],
        resources: [arn(`/aws/sagemaker/${group}:*`)],
      }),
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [arn(`/aws/sagemaker/${group}:log-stream:${name}/algo-1-??????????`)],
      }),
    ];
  }
}

const actionOn = (kind: Kind, verb: 'Create' | 'Describe' | 'Stop'): string =>
  `sagemaker:${verb}${kind === 'training' ? 'Training' : 'Processing'}Job`;
