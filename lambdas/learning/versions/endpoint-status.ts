import { DescribeEndpointCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';

const TIMEOUT_MS = 2_000;

/** SageMaker's status of the endpoint; `Unknown` if it does not answer within two seconds. */
export const endpointStatus =
  (EndpointName: string, client = new SageMakerClient({ maxAttempts: 1 })) =>
  async (): Promise<string> => {
    try {
      const command = new DescribeEndpointCommand({ EndpointName });
      const abortSignal = AbortSignal.timeout(TIMEOUT_MS);
      return (await client.send(command, { abortSignal })).EndpointStatus ?? 'Unknown';
    } catch {
      return 'Unknown'; // The page about the model is useful without it, and /health reports the fault.
    }
  };
