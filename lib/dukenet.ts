import { Tags, Validations } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { stackNames } from '../contracts/naming.ts';
import { AppStack } from './app-stack.ts';
import { DataStack } from './data-stack.ts';
import { EdgeStack } from './edge-stack.ts';
import { GlobalStack } from './global-stack.ts';
import { OperationsStack } from './operations-stack.ts';
import { ServingStack } from './serving-stack.ts';
import { acknowledge } from './shared/acknowledgements.ts';
import type { AwsStacks, Stacks } from './stacks.ts';
import type { AwsStage, StageConfig } from './stage-config.ts';

/**
 * All stacks of a stage. App and serving depend on the data, and not on each other: each can be deployed, fail and be deleted
 * alone. On AWS stages `app.synth()` throws on a finding of cdk-nag.
 */
export function dukenet(app: App, stage: StageConfig): Stacks {
  const data = new DataStack(app, stackNames.data(stage.name), stage);
  const application = new AppStack(app, stackNames.app(stage.name), { stage, data });
  Tags.of(app).add('project', 'dukenet');
  Tags.of(app).add('stage', stage.name);
  const stacks = { data, app: application };
  if (stage.name === 'local') return { ...stacks, aws: undefined };
  const aws = awsStacks(app, stage, stacks);
  for (const stack of [application, aws.serving, aws.operations]) data.alarmTopics?.watch(stack);
  acknowledge({ ...stacks, aws }, { hasDomain: stage.domain !== undefined });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { ...stacks, aws };
}

function awsStacks(scope: App, stage: AwsStage, { data, app }: Pick<Stacks, 'data' | 'app'>): AwsStacks {
  const serving = new ServingStack(scope, stackNames.serving(stage.name), { stage, data });
  const global = new GlobalStack(scope, stackNames.global(stage.name), stage);
  const edge = new EdgeStack(scope, stackNames.edge(stage.name), { stage, data, app, global });
  const operations = new OperationsStack(scope, stackNames.operations(stage.name), { stage, app });
  return { serving, global, edge, operations };
}
