import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { deploy, wasDeployed, type StackOutputs } from './deploy.ts';
import { recordingSettings } from './calls/settings.ts';
import { startEdge } from './edge/servers.ts';
import { ACCOUNT, REGION, addresses, clients, pythonOf, type Addresses, type Places } from './environment.ts';
import { replaceFile } from './files.ts';
import { takeLock, type Lock } from './lock.ts';
import { journalFolder, startMiniStack } from './ministack.ts';
import { portIsFree } from './ports.ts';
import { PlatformError, explained, runLogged } from './process.ts';
import { dukeMMContainer, dukeMMJob, type DukeMMOptions } from './sagemaker/container.ts';
import { startLocalSageMaker, type LocalSageMaker } from './sagemaker/server.ts';
import { portsInUse, type Ports } from './settings.ts';
import { buildSpa, spaFolder } from './spa.ts';

export interface PlatformOptions {
  readonly ports: Ports;
  /** Folder under the repository's `.local` for state and logs; one platform at a time. */
  readonly name: string;
  /** Deletes the state of earlier runs of this name. */
  readonly reset: boolean;
  /** Aborts the start. */
  readonly signal: AbortSignal;
  /** Receives progress messages. */
  readonly say: (line: string) => void;
  /** Called when a training or processing job starts and ends. */
  readonly report?: (line: string) => void;
  /** Has functions record their calls of AWS, in `calls` of the platform's folder; the recording of earlier runs is removed. */
  readonly recordCalls?: boolean;
}

export interface Platform extends Addresses {
  readonly outputs: StackOutputs;
  readonly places: Places;
  /** Process ids of an endpoint's instances. */
  endpointPids(endpoint: string): number[];
  /** Resolves with the reason if an essential part ends. */
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

export const repository = dirname(import.meta.dirname);

/**
 * Starts the embedded platform: local AWS services, the deployed stacks, the model's endpoint, the three accounts,
 * the web application and the API.
 * @throws PlatformError if something is missing or fails; everything started so far is stopped
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const folder = join(repository, '.local', options.name);
  const places: Places = { root: repository, state: join(folder, 'state'), logs: join(folder, 'logs') };
  const closers: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const lock = takeLock(folder);
    closers.push(() => {
      lock.release();
    });
    await checkPorts(options, lock);
    prepareState(places, options.reset);
    const started = await startParts(places, options, closers);
    closers.push(publish(folder, started));
    return { ...started, places, stop };
  } catch (error) {
    await stop();
    throw explained(error);
  }
}

async function startParts(
  places: Places,
  { ports, signal, say, report, recordCalls }: PlatformOptions,
  closers: (() => Promise<void> | void)[],
): Promise<Omit<Platform, 'places' | 'stop'>> {
  const where = addresses(ports);
  const edge = await startEdge({ webPort: ports.web, apiPort: ports.api });
  closers.push(() => edge.close());
  say('Starting the local AWS services');
  const recording = recordCalls ? recordingSettings(places) : {};
  const ministack = await startMiniStack(places, ports.aws, signal, recording);
  closers.push(() => ministack.stop());

  const outputs = await deploy(places, where, signal, say);
  await buildSpa(places, signal, say);

  const sagemaker = await localSageMaker(places, where, ports.sagemaker, report);
  closers.push(() => sagemaker.close());
  const apiId = outputs['ApiId'];
  const liveApiId = outputs['LiveApiId'];
  if (!apiId || !liveApiId)
    throw new PlatformError('The application stack has no outputs named ApiId and LiveApiId.');
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
  say('Waiting for the model to answer');
  await sagemaker.ready(signal);
  // Last, so that a client that gets an answer at these addresses can sign in and work.
  const { awsEndpoint } = where;
  edge.open({
    root: places.root,
    spa: spaFolder(places.root),
    outbox: join(places.state, 'outbox'),
    awsEndpoint,
    apiId,
    liveApiId,
    liveOrigin: where.webUrl.replace(/^http/, 'ws'),
  });
  // Once more, as the last one: nobody is let in while the other parts end.
  closers.push(() => edge.close());

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

/** Processes of a killed platform end by themselves within seconds; until then they hold its ports. */
const LEFT_OVER_MS = 20_000;

async function checkPorts({ ports, say, signal }: PlatformOptions, { wasLeft }: Lock): Promise<void> {
  const names = Object.keys(ports) as (keyof Ports)[];
  const taken = async (): Promise<(keyof Ports)[]> => {
    const free = await Promise.all(names.map((name) => portIsFree(ports[name])));
    return names.filter((_, index) => !free[index]);
  };
  let found = await taken();
  if (found.length > 0 && wasLeft) {
    say('Waiting for what the last run has left');
    for (
      const until = Date.now() + LEFT_OVER_MS;
      found.length > 0 && Date.now() < until;
      found = await taken()
    )
      await pause(250, undefined, { signal });
  }
  if (found.length > 0) throw new PlatformError(portsInUse(found, ports));
}

/**
 * Deletes the state if requested, and that of a first start that did not reach the stacks.
 * @throws PlatformError if the state has the format of another version
 */
function prepareState(places: Places, reset: boolean): void {
  if (reset || !wasDeployed(places)) rmSync(places.state, { recursive: true, force: true });
  else if (!existsSync(journalFolder(places)))
    throw new PlatformError(
      'The local state was written by an earlier version, which kept it in another way.\n' +
        'Start once with: npm start -- --reset   (it forgets all local accounts, tasks, files and models)',
    );
}

/**
 * Writes the addresses, under the variable names that programs read, for programs such as `npm run demo`.
 * @returns a function that removes them
 */
function publish(folder: string, { apiUrl, awsEndpoint, sagemakerEndpoint }: Addresses): () => void {
  const file = join(folder, 'addresses.json');
  const variables = {
    DUKENET_API_URL: apiUrl,
    AWS_ENDPOINT_URL: awsEndpoint,
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: sagemakerEndpoint,
  };
  replaceFile(file, JSON.stringify(variables));
  return () => {
    rmSync(file, { force: true });
  };
}
