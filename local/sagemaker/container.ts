import { join } from 'node:path';
import { machine } from '../environment.ts';
import type { ContainerCommand } from './fleet.ts';

export interface DukeMMOptions {
  readonly root: string;
  /** The Python of `.venv`. */
  readonly python: string;
  readonly awsEndpoint: string;
  readonly region: string;
}

/**
 * The Duke MM container as a process: the command that its image runs, on a port of its own, with the environment that the
 * SageMaker model names (`DUKEMM_REGISTRY`: the S3 prefix of the model versions) and S3 on the local platform.
 */
export function dukeMMContainer({ root, python, awsEndpoint, region }: DukeMMOptions): ContainerCommand {
  return (model, port) => {
    const registry = model.environment['DUKEMM_REGISTRY'];
    return {
      file: python,
      args: [
        join(root, 'local', 'leash.py'),
        ...['dukemm', 'serve', '--host', '127.0.0.1', '--port', String(port)],
        ...(registry ? ['--registry', registry] : []),
      ],
      cwd: root,
      env: {
        ...machine({ root }),
        ...model.environment,
        PYTHONPATH: join(root, 'model'),
        PYTHONUNBUFFERED: '1',
        AWS_ENDPOINT_URL: awsEndpoint,
        AWS_ENDPOINT_URL_S3: awsEndpoint,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      },
    };
  };
}
