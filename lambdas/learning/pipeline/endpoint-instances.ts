import { DescribeEndpointCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';

/** How many instances of the endpoint serve now; 0 where there is no such endpoint. */
export const endpointInstances =
  (EndpointName: string, client = new SageMakerClient()) =>
  async (): Promise<number> => {
    try {
      const { ProductionVariants = [] } = await client.send(new DescribeEndpointCommand({ EndpointName }));
      return ProductionVariants.reduce((sum, { CurrentInstanceCount = 0 }) => sum + CurrentInstanceCount, 0);
    } catch (error) {
      if (error instanceof Error && /could not find/i.test(error.message)) return 0;
      throw error;
    }
  };
