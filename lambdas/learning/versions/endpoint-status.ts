import { DescribeEndpointCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';

const TIMEOUT_MS = 2_000;

/** SageMaker's own word for how the endpoint is; `Unknown` where it does not say within two seconds. */
export const endpointStatus =
  (EndpointName: string, client = new SageMakerClient({ maxAttempts: 1 })) =>
  async (): Promise<string> => {
    try {
      const command = new DescribeEndpointCommand({ EndpointName });
      const abortSignal = AbortSignal.timeout(TIMEOUT_MS);
      return (await client.send(command, { abortSignal })).EndpointStatus ?? 'Unknown';
    } catch {
      return 'Unknown'; // a page about the model is of use without it; /health says what is wrong
    }
  };
