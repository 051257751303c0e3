import { posix } from 'node:path';
import * as z from 'zod';
import { Name } from '../wire.ts';

const traversal = (path: string): boolean => path.split('/').some((part) => part === '.' || part === '..');

const S3Uri = z
  .string()
  .max(1024)
  .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/, 'not an S3 URI')
  .refine((uri) => !traversal(uri), 'a key may not contain "." or ".." as a part');

/** A path in the container at or below `root`. */
const folderUnder = (root: string) =>
  z
    .string()
    .max(256)
    .refine(
      (path) => !traversal(path) && `${posix.normalize(path)}/`.startsWith(`${root}/`),
      `not under ${root}`,
    )
    .transform((path) => posix.normalize(path).replace(/\/$/, ''));

const Strings = (value: number) => z.record(z.string().max(512), z.string().max(value));
const Environment = Strings(512).refine(
  (variables) => Object.keys(variables).every((name) => /^[a-zA-Z_]\w*$/.test(name)),
  'not the name of a variable',
);
const Command = {
  ContainerEntrypoint: z.array(z.string().max(256)).min(1).max(100).optional(),
  ContainerArguments: z.array(z.string().max(256)).min(1).max(100).optional(),
};
/** At most 28 days, as on AWS. */
const StoppingCondition = z.object({ MaxRuntimeInSeconds: z.int().min(1).max(2_419_200).default(86_400) });
const Instances = {
  InstanceType: z.string().optional(),
  InstanceCount: z.literal(1, 'a job has one instance here').default(1),
  VolumeSizeInGB: z.int().min(1).optional(),
};

const Channel = z.object({
  // The pattern of AWS, without `..`.
  ChannelName: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/)
    .refine((name) => !/^\.+$/.test(name), 'not a folder name'),
  ContentType: z.string().optional(),
  InputMode: z.literal('File', 'only the mode File is served locally').optional(),
  DataSource: z.object({
    S3DataSource: z.object({
      S3DataType: z.literal('S3Prefix', 'only S3Prefix is served locally'),
      S3Uri,
      S3DataDistributionType: z.literal('FullyReplicated').optional(),
    }),
  }),
});

const MetricDefinition = z.object({
  Name: z.string().min(1).max(255),
  Regex: z.string().min(1).max(500).refine(compiles, 'not a regular expression'),
});

export const CreateTrainingJob = z.object({
  TrainingJobName: Name,
  RoleArn: z.string().optional(),
  HyperParameters: Strings(2500).optional(),
  AlgorithmSpecification: z.object({
    TrainingImage: z.string().min(1),
    TrainingInputMode: z.literal('File', 'only the mode File is served locally'),
    MetricDefinitions: z.array(MetricDefinition).max(40).optional(),
    ...Command,
  }),
  InputDataConfig: z
    .array(Channel)
    .max(20)
    .refine((channels) => unique(channels.map((it) => it.ChannelName)), 'a channel is named twice')
    .optional(),
  OutputDataConfig: z.object({ S3OutputPath: S3Uri, KmsKeyId: z.string().optional() }),
  ResourceConfig: z.object(Instances),
  StoppingCondition: StoppingCondition.extend({ MaxWaitTimeInSeconds: z.int().optional() }).prefault({}),
  CheckpointConfig: z
    .object({
      S3Uri,
      LocalPath: folderUnder('/opt/ml/checkpoints').default('/opt/ml/checkpoints'),
    })
    .optional(),
  EnableManagedSpotTraining: z.boolean().optional(),
  Environment: Environment.optional(),
});
export type CreateTrainingJob = z.infer<typeof CreateTrainingJob>;

const ProcessingPath = folderUnder('/opt/ml/processing');
const ProcessingInput = z.object({
  InputName: z.string().min(1).max(64),
  S3Input: z.object({
    S3Uri,
    LocalPath: ProcessingPath,
    S3DataType: z.literal('S3Prefix', 'only S3Prefix is served locally'),
    S3InputMode: z.literal('File', 'only the mode File is served locally').optional(),
  }),
});
const ProcessingOutput = z.object({
  OutputName: z.string().min(1).max(64),
  S3Output: z.object({
    S3Uri,
    LocalPath: ProcessingPath,
    S3UploadMode: z.literal('EndOfJob', 'only EndOfJob is served locally'),
  }),
});

export const CreateProcessingJob = z
  .object({
    ProcessingJobName: Name,
    RoleArn: z.string().optional(),
    AppSpecification: z.object({ ImageUri: z.string().min(1), ...Command }),
    ProcessingInputs: z.array(ProcessingInput).max(10).optional(),
    ProcessingOutputConfig: z
      .object({ Outputs: z.array(ProcessingOutput).max(10), KmsKeyId: z.string().optional() })
      .optional(),
    ProcessingResources: z.object({ ClusterConfig: z.object(Instances) }),
    StoppingCondition: StoppingCondition.prefault({}),
    Environment: Environment.optional(),
  })
  .refine(({ ProcessingInputs, ProcessingOutputConfig }) => {
    const inputs = ProcessingInputs?.map(({ S3Input }) => S3Input.LocalPath) ?? [];
    const outputs = ProcessingOutputConfig?.Outputs.map(({ S3Output }) => S3Output.LocalPath) ?? [];
    return apart([...inputs, ...outputs]);
  }, 'one local path lies in another');
export type CreateProcessingJob = z.infer<typeof CreateProcessingJob>;

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}

const unique = (names: string[]): boolean => new Set(names).size === names.length;

function apart(paths: string[]): boolean {
  return paths.every((path, at) =>
    paths.every((other, i) => i === at || !`${other}/`.startsWith(`${path}/`)),
  );
}
