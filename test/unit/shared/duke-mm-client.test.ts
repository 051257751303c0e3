import {
  InvokeEndpointCommand,
  ModelError,
  ModelNotReadyException,
  SageMakerRuntimeClient,
  ServiceUnavailable,
} from '@aws-sdk/client-sagemaker-runtime';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../../lambdas/shared/ids.ts';
import { sageMakerClient } from '../../../lambdas/shared/duke-mm-client.ts';

const client = mockClient(SageMakerRuntimeClient);
const duke = sageMakerClient('endpoint');
const request = {
  task: { id: newId(), family: 'f', kind: 'classification' as const, description: 'd', labels: ['a', 'b'] },
  items: [{ id: '1', fields: { x: 1 } }],
};
const metadata = { $metadata: {}, message: 'm' };
const modelError = (status: number, body: object | string) =>
  new ModelError({
    ...metadata,
    OriginalStatusCode: status,
    OriginalMessage: typeof body === 'string' ? body : JSON.stringify(body),
  });
const named = (name: string, message: string) => Object.assign(new Error(message), { name });

beforeEach(() => client.reset());

describe('responses of the endpoint', () => {
  it('requests the version, with one attempt', async () => {
    const response = { model_version: '3', items: [] };
    client.on(InvokeEndpointCommand).resolves({
      Body: { transformToString: () => JSON.stringify(response) } as never,
    });
    expect(await duke.invoke(request, '3')).toEqual({ outcome: 'answered', response });
    expect(client.call(0).args[0].input).toMatchObject({
      EndpointName: 'endpoint',
      CustomAttributes: 'version=3',
    });
  });

  it('reports the instance that answered, if the container names it', async () => {
    const response = { model_version: '3', items: [] };
    client.on(InvokeEndpointCommand).resolves({
      Body: { transformToString: () => JSON.stringify(response) } as never,
      CustomAttributes: 'instance=0123456789abcdef',
    });
    expect(await duke.invoke(request, '3')).toMatchObject({ instance: '0123456789abcdef' });
  });

  it.each([
    ['no healthy instance', new ServiceUnavailable(metadata)],
    ['a model that is not ready', new ModelNotReadyException(metadata)],
    ['throttling', named('ThrottlingException', 'Rate exceeded')],
    ['an endpoint that is not in service', named('ValidationError', 'Endpoint e is not in service')],
    ['nobody listening', named('Error', 'connect ECONNREFUSED 127.0.0.1:4567')],
    [
      'a container that is warming up',
      modelError(503, { code: 'warming', message: 'w', retry_after_seconds: 2 }),
    ],
  ])('retries later on %s', async (_case, error) => {
    client.on(InvokeEndpointCommand).rejects(error);
    expect(await duke.invoke(request, '1')).toMatchObject({ outcome: 'busy' });
  });

  it.each([
    ['its reason', { code: 'unsupported', message: 'generation comes later' }, 'generation comes later'],
    ['no reason we can read', '<html>', 'the model refused it with status 400'],
  ])('gives up on a 400 with %s', async (_case, body, why) => {
    client.on(InvokeEndpointCommand).rejects(modelError(400, body));
    expect(await duke.invoke(request, '1')).toEqual({ outcome: 'refused', why });
  });

  it.each([
    ['a process that died', modelError(502, 'died')],
    ['a time-out', modelError(0, '')],
    ['an answer outside the contract', undefined],
  ])('counts %s as a failed attempt', async (_case, error) => {
    if (error) client.on(InvokeEndpointCommand).rejects(error);
    else
      client
        .on(InvokeEndpointCommand)
        .resolves({ Body: { transformToString: () => '{"items":1}' } as never });
    await expect(duke.invoke(request, '1')).rejects.toThrow();
  });
});
