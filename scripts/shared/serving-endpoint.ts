import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { DescribeEndpointCommandOutput } from '@aws-sdk/client-sagemaker';
import { REGISTRY_PREFIX, s3Uri } from '../../contracts/naming.ts';
import { ScriptError, say } from './command-line.ts';

const sageMaker = new SageMakerClient();
const POLL_MS = 1_000;
const PROGRESS_EVERY_MS = 10_000;
/** A GPU instance first pulls an image of several gigabytes. */
const TIMEOUT_MS = 20 * 60_000;

/** SageMaker's ValidationException for missing resources contains these words. */
async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && /could not find|does not exist/i.test(error.message)) return undefined;
    throw error;
  }
}

const describe = (EndpointName: string): Promise<DescribeEndpointCommandOutput | undefined> =>
  ifThere(sageMaker.send(new DescribeEndpointCommand({ EndpointName })));

/**
 * Creates model, configuration and endpoint with the calls of AWS, where the stack creates them. The local SageMaker
 * runs the container's command as a process, so the image is only a name.
 */
async function create(name: string, workBucket: string): Promise<void> {
  if (!(await ifThere(sageMaker.send(new DescribeModelCommand({ ModelName: name }))))) {
    await sageMaker.send(
      new CreateModelCommand({
        ModelName: name,
        ExecutionRoleArn: 'arn:aws:iam::000000000000:role/duke-mm',
        PrimaryContainer: {
          Image: 'duke-mm',
          Environment: { DUKEMM_REGISTRY: s3Uri(workBucket, REGISTRY_PREFIX) },
        },
      }),
    );
  }
  if (!(await ifThere(sageMaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: name }))))) {
    await sageMaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: name,
        ProductionVariants: [
          {
            VariantName: 'duke-mm',
            ModelName: name,
            InstanceType: 'ml.m5.large',
            InitialInstanceCount: 1,
            InitialVariantWeight: 1,
          },
        ],
      }),
    );
  }
  await sageMaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
  say(`Endpoint ${name} created`);
}

/** Creates the local endpoint if there is none, or if it has failed. */
export async function ensureLocalEndpoint(name: string, workBucket: string): Promise<void> {
  const found = await describe(name);
  if (found && found.EndpointStatus !== 'Failed') return;
  if (found) {
    say(`Endpoint ${name} had failed: ${found.FailureReason ?? 'no reason given'}`);
    await sageMaker.send(new DeleteEndpointCommand({ EndpointName: name }));
    while (await describe(name)) await sleep(POLL_MS);
  }
  await create(name, workBucket);
}

/**
 * @throws ScriptError if the endpoint is missing, fails, or takes longer than twenty minutes
 */
export async function waitInService(name: string): Promise<void> {
  const started = Date.now();
  let said = started;
  for (;;) {
    const found = await describe(name);
    const status = found?.EndpointStatus;
    if (status === 'InService') return say(`Endpoint ${name} is in service`);
    if (!found) throw new ScriptError(`There is no endpoint ${name}. Deploy the serving stack first.`);
    if (status === 'Failed' || status === 'OutOfService') {
      throw new ScriptError(`Endpoint ${name} is ${status}: ${found.FailureReason ?? 'no reason given'}`);
    }
    const seconds = Math.round((Date.now() - started) / 1000);
    if (Date.now() - started > TIMEOUT_MS) {
      throw new ScriptError(`Endpoint ${name} is still ${status} after ${seconds} s.`);
    }
    if (Date.now() - said > PROGRESS_EVERY_MS) {
      say(`Endpoint ${name}: ${status} for ${seconds} s`);
      said = Date.now();
    }
    await sleep(POLL_MS);
  }
}
