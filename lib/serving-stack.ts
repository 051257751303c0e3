import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DataStack } from './data-stack.ts';
import { DukeContainer } from './serving/duke-container.ts';
import { ModelEndpoint } from './serving/model-endpoint.ts';
import { environmentOf } from './stage-config.ts';
import type { AwsStage } from './stage-config.ts';

/**
 * The endpoint of Duke MM. A stack of its own, because instances may be refused: a new account has a quota of 0 for each GPU
 * type, and the rollback of this stack must not take the marketplace with it. Other stacks know the endpoint by name only.
 */
export class ServingStack extends Stack {
  readonly container: DukeContainer;
  readonly endpoint: ModelEndpoint;

  constructor(scope: Construct, id: string, { stage, data }: { stage: AwsStage; data: DataStack }) {
    super(scope, id, {
      ...environmentOf(stage),
      description: `DukeNET ${stage.name}: the endpoint of the model`,
    });
    this.container = new DukeContainer(this, 'Container', { stage });
    this.endpoint = new ModelEndpoint(this, 'Endpoint', { stage, data, container: this.container });
  }
}
