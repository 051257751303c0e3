import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  DescribeModelCommand,
  ListEndpointsCommand,
  SageMakerClient,
  UpdateEndpointCommand,
  waitUntilEndpointInService,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ContainerCommand } from '../../../local/sagemaker/fleet.ts';
import { DEFAULT_TIMING } from '../../../local/sagemaker/instance.ts';
import { startLocalSageMaker, type LocalSageMaker } from '../../../local/sagemaker/server.ts';

const fakeContainer: ContainerCommand = (model, port) => ({
  file: process.execPath,
  args: [join(import.meta.dirname, 'fake-container.mjs'), String(port), model.environment['FAULT'] ?? ''],
  cwd: import.meta.dirname,
  env: { ...model.environment, PATH: process.env.PATH ?? '' },
});

let folder: string;
let sagemaker: LocalSageMaker;
let control: SageMakerClient;
let runtime: SageMakerRuntimeClient;

const start = async (): Promise<void> => {
  sagemaker = await startLocalSageMaker({
    port: 0,
    stateFile: join(folder, 'sagemaker.json'),
    logs: join(folder, 'logs'),
    account: '000000000000',
    region: 'eu-central-1',
    container: fakeContainer,
    timing: { ...DEFAULT_TIMING, pingStartingMs: 20, pingHealthyMs: 50, firstBackoffMs: 20 },
    limits: { timeoutMs: 1000, bodyBytes: 1000 },
    jobs: {
      folder: join(folder, 'jobs'),
      awsEndpoint: 'http://127.0.0.1:1',
      container: () => expect.fail('no job here'),
    },
  });
  const options = {
    endpoint: sagemaker.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  control = new SageMakerClient(options);
  runtime = new SageMakerRuntimeClient(options);
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sagemaker-'));
  await start();
});
afterEach(async () => {
  await sagemaker.close();
  rmSync(folder, { recursive: true });
});

const createConfig = async (name: string, environment: Record<string, string> = {}): Promise<void> => {
  await control.send(
    new CreateModelCommand({
      ModelName: name,
      ExecutionRoleArn: 'arn:aws:iam::000000000000:role/duke-mm',
      PrimaryContainer: {
        Image: 'duke-mm',
        Environment: { DUKEMM_REGISTRY: 's3://registry/models', ...environment },
      },
    }),
  );
  await control.send(
    new CreateEndpointConfigCommand({
      EndpointConfigName: name,
      ProductionVariants: [{ VariantName: 'all', ModelName: name, InitialInstanceCount: 1 }],
    }),
  );
};
const createEndpoint = async (environment: Record<string, string> = {}): Promise<void> => {
  await createConfig('duke', environment);
  await control.send(new CreateEndpointCommand({ EndpointName: 'duke', EndpointConfigName: 'duke' }));
};
const inService = () =>
  vi.waitFor(
    async () => {
      const endpoint = await control.send(new DescribeEndpointCommand({ EndpointName: 'duke' }));
      expect(endpoint.EndpointStatus).toBe('InService');
    },
    { timeout: 120_000, interval: 30 },
  );
const invoke = async (body: string, CustomAttributes?: string) => {
  const answer = await runtime.send(
    new InvokeEndpointCommand({
      EndpointName: 'duke',
      Body: body,
      ContentType: 'text/x-ask',
      Accept: 'text/x-answer',
      CustomAttributes,
    }),
  );
  return { ...answer, json: JSON.parse(answer.Body.transformToString()) as Record<string, unknown> };
};
const failure = async (promise: Promise<unknown>): Promise<Record<string, unknown>> =>
  promise.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as Record<string, unknown>,
  );

describe('an endpoint', () => {
  it('goes from Creating to InService and forwards body, content types and attributes', async () => {
    await createEndpoint();
    const creating = await control.send(new DescribeEndpointCommand({ EndpointName: 'duke' }));
    expect(creating.EndpointStatus).toBe('Creating');
    await waitUntilEndpointInService(
      { client: control, maxWaitTime: 120, minDelay: 1, maxDelay: 1 },
      { EndpointName: 'duke' },
    );
    const answer = await invoke('hello', 'version=7');
    expect(answer).toMatchObject({
      ContentType: 'text/x-answer',
      InvokedProductionVariant: 'all',
      CustomAttributes: 'version=7',
      json: { body: 'hello', type: 'text/x-ask', attributes: 'version=7', registry: 's3://registry/models' },
    });
    const described = await control.send(new DescribeEndpointCommand({ EndpointName: 'duke' }));
    expect(described.CreationTime).toBeInstanceOf(Date);
    expect(described.ProductionVariants).toMatchObject([
      { CurrentInstanceCount: 1, DesiredInstanceCount: 1 },
    ]);
    const listed = await control.send(new ListEndpointsCommand({ NameContains: 'duk' }));
    expect(listed.Endpoints).toMatchObject([{ EndpointName: 'duke', EndpointStatus: 'InService' }]);
  });

  it('answers ValidationError until it is in service', async () => {
    expect(await failure(invoke('x'))).toMatchObject({
      name: 'ValidationError',
      message: 'Endpoint duke of account 000000000000 not found.',
    });
    await createEndpoint();
    expect(await failure(invoke('x'))).toMatchObject({ name: 'ValidationError' });
  });

  it('has failed if its container dies before its first ping', async () => {
    await createEndpoint({ FAULT: 'dies-at-start' });
    const status = () => control.send(new DescribeEndpointCommand({ EndpointName: 'duke' }));
    await vi.waitFor(async () => {
      expect(await status()).toMatchObject({ EndpointStatus: 'Failed' });
    }, 120_000);
    expect((await status()).FailureReason).toContain('did not pass the ping health check');
  });

  it("turns the container's errors into ModelError with the original status and message", async () => {
    await createEndpoint();
    await inService();
    expect(await failure(invoke('refuse'))).toMatchObject({
      name: 'ModelError',
      OriginalStatusCode: 422,
      OriginalMessage: 'unknown label',
      $metadata: { httpStatusCode: 424 },
    });
    expect(await failure(invoke('break'))).toMatchObject({ name: 'ModelError', OriginalStatusCode: 500 });
    expect(await failure(invoke('hang'))).toMatchObject({ name: 'ModelError', OriginalStatusCode: 0 });
    expect(await failure(invoke('x'.repeat(1001)))).toMatchObject({ name: 'ValidationError' });
  });

  it('starts a new process if one dies during a request, and is unavailable only until then', async () => {
    await createEndpoint();
    await inService();
    const [pid] = sagemaker.pids('duke');
    expect(await failure(invoke('die'))).toMatchObject({ name: 'ModelError', OriginalStatusCode: 502 });
    const unavailable = await failure(invoke('x'));
    expect(unavailable).toMatchObject({ name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } });
    const answer = await vi.waitFor(() => invoke('again'), 120_000);
    expect(answer.json['pid']).not.toBe(pid);
  });

  it('exists again after a restart', async () => {
    await createEndpoint();
    await inService();
    const [pid] = sagemaker.pids('duke');
    await sagemaker.close();
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
    await start();
    const answer = await vi.waitFor(() => invoke('again'), 120_000);
    expect(answer.json['body']).toBe('again');
  });

  it('switches to another configuration only once that is healthy', async () => {
    await createEndpoint();
    await inService();
    await createConfig('broken', { FAULT: 'dies-at-start' });
    await control.send(new UpdateEndpointCommand({ EndpointName: 'duke', EndpointConfigName: 'broken' }));
    expect((await invoke('meanwhile')).json['body']).toBe('meanwhile');
    await inService();
    const after = await control.send(new DescribeEndpointCommand({ EndpointName: 'duke' }));
    expect(after).toMatchObject({ EndpointConfigName: 'duke', EndpointStatus: 'InService' });

    const [previous] = sagemaker.pids('duke');
    await createConfig('next', { DUKEMM_REGISTRY: 's3://registry/next' });
    await control.send(new UpdateEndpointCommand({ EndpointName: 'duke', EndpointConfigName: 'next' }));
    await inService();
    expect((await invoke('now')).json['registry']).toBe('s3://registry/next');
    await vi.waitFor(() => {
      expect(() => process.kill(previous ?? 0, 0)).toThrow('ESRCH');
    }, 120_000);
  });

  it('stops its processes when it is deleted', async () => {
    await createEndpoint();
    await inService();
    const [pid] = sagemaker.pids('duke');
    await control.send(new DeleteEndpointCommand({ EndpointName: 'duke' }));
    await vi.waitFor(async () => {
      const error = await failure(control.send(new DescribeEndpointCommand({ EndpointName: 'duke' })));
      expect(error).toMatchObject({ name: 'ValidationException' });
    }, 120_000);
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
  });
});

describe('the control API', () => {
  it('rejects existing, missing and malformed names with the errors of AWS', async () => {
    await createConfig('duke');
    expect(await failure(createConfig('duke'))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('Cannot create already existing model') as unknown,
    });
    expect(await failure(control.send(new DescribeModelCommand({ ModelName: 'other' })))).toMatchObject({
      name: 'ValidationException',
      message: 'Could not find model "arn:aws:sagemaker:eu-central-1:000000000000:model/other".',
    });
    expect(await failure(control.send(new DescribeModelCommand({ ModelName: '-bad-' })))).toMatchObject({
      name: 'ValidationException',
    });
  });
});
