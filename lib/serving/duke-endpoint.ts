import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { endpointName } from '../../contracts/naming.ts';
import type { NeedsEnv } from '../shared/typed-function.ts';
import type { StageConfig } from '../stage-config.ts';

/**
 * Reference to the stage's endpoint by name: created by the serving stack on AWS, by the local SageMaker otherwise. An export
 * of that stack would tie the two together: no first deployment without GPUs, no deletion of the endpoint alone.
 */
export class DukeEndpoint extends Construct {
  readonly endpointName: string;
  private readonly arn: string;

  constructor(scope: Construct, id: string, { stage }: { stage: StageConfig }) {
    super(scope, id);
    this.endpointName = endpointName(stage.name);
    this.arn = Stack.of(this).formatArn({
      service: 'sagemaker',
      resource: 'endpoint',
      resourceName: this.endpointName,
    });
  }

  grantInvoke(fn: NeedsEnv<'ENDPOINT_NAME'>): void {
    this.grant(fn, 'sagemaker:InvokeEndpoint');
  }

  grantDescribe(fn: NeedsEnv<'ENDPOINT_NAME'>): void {
    this.grant(fn, 'sagemaker:DescribeEndpoint');
  }

  private grant(fn: NeedsEnv<'ENDPOINT_NAME'>, action: string): void {
    fn.set({ ENDPOINT_NAME: this.endpointName });
    fn.allow(new PolicyStatement({ actions: [action], resources: [this.arn] }));
  }
}
