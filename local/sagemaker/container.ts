import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { machine } from '../environment.ts';
import type { ContainerCommand } from './fleet.ts';
import { JobFailure } from './jobs/failure.ts';
import type { JobContainer } from './jobs/run.ts';

export interface DukeMMOptions {
  readonly root: string;
  /** Path of the Python interpreter of `.venv`. */
  readonly python: string;
  readonly awsEndpoint: string;
  readonly region: string;
}

/**
 * The Duke MM container as a process: runs the command of its image on a port of its own, with the environment of the
 * SageMaker model (`DUKEMM_REGISTRY`: the S3 prefix of the model versions) and S3 on the local platform.
 */
export function dukeMMContainer(options: DukeMMOptions): ContainerCommand {
  return (model, port) => {
    const registry = model.environment['DUKEMM_REGISTRY'];
    return {
      file: options.python,
      args: [
        join(options.root, 'local', 'leash.py'),
        ...['dukemm', 'serve', '--host', '127.0.0.1', '--port', String(port)],
        ...(registry ? ['--registry', registry] : []),
      ],
      cwd: options.root,
      env: environment(options, model.environment),
    };
  };
}

/** The image's ENTRYPOINT (`model/Dockerfile`). */
const ENTRYPOINT = ['python', '-m', 'dukemm'];

/** Flags of each command that name directories, with their default under `/opt/ml`. */
const PATHS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  train: {
    '--hyperparameters': '/opt/ml/input/config/hyperparameters.json',
    '--data': '/opt/ml/input/data/data',
    '--parent': '/opt/ml/input/data/parent',
    '--model-dir': '/opt/ml/model',
    '--output-dir': '/opt/ml/output',
    '--checkpoint-dir': '/opt/ml/checkpoints',
  },
  evaluate: {
    '--data': '/opt/ml/processing/input/data',
    '--candidate': '/opt/ml/processing/input/candidate',
    '--production': '/opt/ml/processing/input/production',
    '--curves': '/opt/ml/processing/input/curves',
    '--output': '/opt/ml/processing/output',
    '--message': '/opt/ml/output/message',
  },
};

/**
 * A training or processing job of the Duke MM image as a process. Since a process cannot have an `/opt/ml` of its
 * own, every path there is passed as a flag and mapped to the job's folder. One core is left for request handling.
 */
export function dukeMMJob(options: DukeMMOptions): JobContainer {
  const threads = String(Math.max(1, cpus().length - 1));
  return ({ kind, arn, entrypoint = ENTRYPOINT, arguments: args = [], environment: given, ml }) => {
    const [program, flag, module, ...first] = entrypoint;
    if (!/^python3?$/.test(program ?? '') || flag !== '-m' || module !== 'dukemm')
      throw new JobFailure(`ClientError: only "python -m dukemm" runs here, not "${entrypoint.join(' ')}".`);
    const mapPath = (text: string): string =>
      text.replace(/(^|=)\/opt\/ml(?=\/|$)/, (_, before: string) => before + ml);
    const [command = '', ...rest] = [...first, ...args];
    const paths = Object.entries(PATHS[command] ?? {})
      .map(([name, path]) => [name, mapPath(path)] as const)
      // Omits inputs that the job does not have.
      .filter(([, path]) => !path.slice(ml.length).includes('/input/') || existsSync(path));
    // The job's own arguments come last and take precedence.
    return {
      file: options.python,
      args: [
        join(options.root, 'local', 'leash.py'),
        'dukemm',
        command,
        ...paths.flat(),
        ...rest.map(mapPath),
      ],
      cwd: options.root,
      env: environment(options, {
        OMP_NUM_THREADS: threads,
        OPENBLAS_NUM_THREADS: threads,
        MKL_NUM_THREADS: threads,
        ...given,
        [kind === 'training' ? 'TRAINING_JOB_ARN' : 'PROCESSING_JOB_ARN']: arn,
      }),
    };
  };
}

function environment(
  { root, awsEndpoint, region }: DukeMMOptions,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...machine({ root }),
    ...given,
    PYTHONPATH: join(root, 'model'),
    PYTHONUNBUFFERED: '1',
    AWS_ENDPOINT_URL: awsEndpoint,
    AWS_ENDPOINT_URL_S3: awsEndpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}
