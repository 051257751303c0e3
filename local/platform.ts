import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deploy, type StackOutputs } from './deploy.ts';
import { startEdge } from './edge/servers.ts';
import { ACCOUNT, REGION, addresses, clients, pythonOf, type Addresses, type Places } from './environment.ts';
import { startMiniStack } from './ministack.ts';
import { portIsFree } from './ports.ts';
import { PlatformError, runLogged } from './process.ts';
import { dukeMMContainer, dukeMMJob, type DukeMMOptions } from './sagemaker/container.ts';
import { startLocalSageMaker, type LocalSageMaker } from './sagemaker/server.ts';
import { portsInUse, type Ports } from './settings.ts';
import { buildSpa, spaFolder } from './spa.ts';

export interface PlatformOptions {
  readonly ports: Ports;
  /** Folder under the repository's `.local` for state and logs; one platform at a time. */
  readonly name: string;
  /** Forget what an earlier run of this name kept. */
  readonly reset: boolean;
  /** Aborting it stops the start. */
  readonly signal: AbortSignal;
  /** Told what is being done. */
  readonly say: (line: string) => void;
  /** Told, at any time, when a training or processing job starts and when it is over. */
  readonly report?: (line: string) => void;
}

export interface Platform extends Addresses {
  readonly outputs: StackOutputs;
  readonly places: Places;
  /** Process ids of an endpoint's instances. */
  endpointPids(endpoint: string): number[];
  /** Resolves with the reason if a part ends that the platform cannot do without. */
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

export const repository = dirname(import.meta.dirname);

/**
 * Starts the embedded platform: local AWS services, the deployed stacks, the model's endpoint, the three accounts, the web
 * application and the API.
 * @throws PlatformError when something is missing or fails; whatever was started by then is stopped again
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const folder = join(repository, '.local', options.name);
  const places: Places = { root: repository, state: join(folder, 'state'), logs: join(folder, 'logs') };
  const closers: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    closers.push(lock(folder));
    await checkPorts(options.ports);
    if (options.reset) rmSync(places.state, { recursive: true, force: true });
    const started = await startParts(places, options, closers);
    closers.push(publish(folder, started));
    return { ...started, places, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(
  places: Places,
  { ports, signal, say, report }: PlatformOptions,
  closers: (() => Promise<void> | void)[],
): Promise<Omit<Platform, 'places' | 'stop'>> {
  const where = addresses(ports);
  say('Starting the local AWS services');
  const ministack = await startMiniStack(places, ports.aws, signal);
  closers.push(() => ministack.stop());

  const outputs = await deploy(places, where, signal, say);
  await buildSpa(places, signal, say);

  const sagemaker = await localSageMaker(places, where, ports.sagemaker, report);
  closers.push(() => sagemaker.close());
  const apiId = outputs['ApiId'];
  if (!apiId) throw new PlatformError('The application stack has no output named ApiId.');
  const edge = await startEdge({
    root: places.root,
    spa: spaFolder(places.root),
    webPort: ports.web,
    apiPort: ports.api,
    awsEndpoint: where.awsEndpoint,
    apiId,
  });
  closers.push(() => edge.close());

  const script = (name: string): Promise<void> =>
    runLogged(
      `scripts/${name}.ts`,
      {
        file: process.execPath,
        args: [join('scripts', `${name}.ts`), '--stage', 'local'],
        cwd: places.root,
        env: clients(places, where),
        log: join(places.logs, `${name}.log`),
      },
      signal,
    );
  say('Deploying the model');
  await script('model-deploy');
  say('Making the accounts');
  await script('seed');
  return { ...where, outputs, died: ministack.died, endpointPids: (name) => sagemaker.pids(name) };
}

function localSageMaker(
  places: Places,
  { awsEndpoint }: Addresses,
  port: number,
  report: PlatformOptions['report'],
): Promise<LocalSageMaker> {
  const dukeMM: DukeMMOptions = {
    root: places.root,
    python: pythonOf(places.root),
    awsEndpoint,
    region: REGION,
  };
  return startLocalSageMaker({
    port,
    account: ACCOUNT,
    region: REGION,
    stateFile: join(places.state, 'sagemaker.json'),
    logs: places.logs,
    container: dukeMMContainer(dukeMM),
    jobs: {
      container: dukeMMJob(dukeMM),
      folder: join(places.state, 'sagemaker-jobs'),
      awsEndpoint,
      ...(report && { report }),
    },
  });
}

async function checkPorts(ports: Ports): Promise<void> {
  const names = Object.keys(ports) as (keyof Ports)[];
  const free = await Promise.all(names.map((name) => portIsFree(ports[name])));
  const taken = names.filter((_, index) => !free[index]);
  if (taken.length > 0) throw new PlatformError(portsInUse(taken, ports));
}

/**
 * Two platforms on one state would destroy it.
 * @returns the release
 */
function lock(folder: string): () => void {
  const file = join(folder, 'running.pid');
  mkdirSync(folder, { recursive: true });
  const other = existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
  if (other !== undefined && isAlive(other))
    throw new PlatformError(
      `It is running already, as process ${other}. Stop that one first (if it is something else, delete ${file}).`,
    );
  writeFileSync(file, String(process.pid));
  return () => {
    rmSync(file, { force: true });
  };
}

/**
 * Leaves the addresses for programs that look for the platform (`npm run demo`), by the names of the variables they read.
 * @returns what takes them away again
 */
function publish(folder: string, { apiUrl, awsEndpoint, sagemakerEndpoint }: Addresses): () => void {
  const file = join(folder, 'addresses.json');
  const variables = {
    DUKENET_API_URL: apiUrl,
    AWS_ENDPOINT_URL: awsEndpoint,
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: sagemakerEndpoint,
  };
  writeFileSync(file, JSON.stringify(variables));
  return () => {
    rmSync(file, { force: true });
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not ours to signal, but there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
