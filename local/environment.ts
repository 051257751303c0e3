import { dirname, join } from 'node:path';
import type { Ports } from './settings.ts';

/** Directories of one platform. */
export interface Places {
  /** The repository. */
  readonly root: string;
  /** State that survives a restart. */
  readonly state: string;
  readonly logs: string;
}

export const REGION = 'eu-central-1';
export const ACCOUNT = '000000000000';

export interface Addresses {
  readonly webUrl: string;
  readonly apiUrl: string;
  readonly awsEndpoint: string;
  readonly sagemakerEndpoint: string;
}

/** Names for people, an IP address for programs, so that the SDK uses path-style S3 addresses. */
export const addresses = (ports: Ports): Addresses => ({
  webUrl: `http://localhost:${ports.web}`,
  apiUrl: `http://localhost:${ports.api}`,
  awsEndpoint: `http://127.0.0.1:${ports.aws}`,
  sagemakerEndpoint: `http://127.0.0.1:${ports.sagemaker}`,
});

export const pythonOf = (root: string): string => join(root, '.venv', 'bin', 'python');
export const outputsFile = ({ state }: Places): string => join(state, 'outputs.json');

/**
 * Environment of every child process: only the variables that programs need, so that the user's AWS configuration
 * never reaches a platform that must not call AWS. `node` is the pinned version.
 */
export function machine({ root }: Pick<Places, 'root'>): Record<string, string> {
  const inherited = ['HOME', 'LANG', 'LC_ALL', 'TERM', 'TMPDIR', 'USER', 'CI'];
  const environment = Object.fromEntries(
    inherited.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  // This process already runs on the pinned version.
  const path = [dirname(process.execPath), join(root, 'node_modules', '.bin'), process.env['PATH']];
  return { ...environment, PATH: path.join(':') };
}

/** Settings of the local stage that `lib/stage.ts` reads, where the user has set them. */
export const stageSettings = (): Record<string, string> =>
  Object.fromEntries(
    ['DUKENET_BASE_PRICE_SATOSHIS', 'DUKENET_FIAT_CURRENCY', 'DUKENET_FIAT_SATOSHIS_PER_UNIT'].flatMap(
      (name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]),
    ),
  );

/** For the AWS SDK, CDK and our own scripts, pointed at this platform. */
export function clients(places: Places, where: Addresses): Record<string, string> {
  return {
    ...machine(places),
    ...stageSettings(),
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL: where.awsEndpoint,
    AWS_ENDPOINT_URL_S3: where.awsEndpoint,
    AWS_ENDPOINT_URL_SAGEMAKER: where.sagemakerEndpoint,
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: where.sagemakerEndpoint,
    CDK_DISABLE_VERSION_CHECK: '1',
    DUKENET_AWS_URL: where.awsEndpoint,
    DUKENET_SAGEMAKER_URL: where.sagemakerEndpoint,
    DUKENET_WEB_URL: where.webUrl,
    DUKENET_API_URL: where.apiUrl,
    DUKENET_OUTPUTS: outputsFile(places),
    DUKENET_PYTHON: pythonOf(places.root),
  };
}
