import { Tags, Validations } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { stackNames } from '../contracts/naming.ts';
import { AppStack } from './app-stack.ts';
import { DataStack } from './data-stack.ts';
import { ServingStack } from './serving-stack.ts';
import { acknowledge } from './shared/acknowledgements.ts';
import type { StageConfig } from './stage.ts';

export interface Stacks {
  readonly data: DataStack;
  readonly app: AppStack;
  /** Undefined on the local stage, whose endpoint is a process. */
  readonly serving: ServingStack | undefined;
}

/**
 * All stacks of a stage. App and serving depend on the data, and not on each other: each can be deployed, fail and be deleted
 * alone. On AWS stages `app.synth()` throws on a finding of cdk-nag.
 */
export function dukenet(app: App, stage: StageConfig): Stacks {
  const data = new DataStack(app, stackNames.data(stage.name), stage);
  const application = new AppStack(app, stackNames.app(stage.name), { stage, data });
  const serving =
    stage.name === 'local'
      ? undefined
      : new ServingStack(app, stackNames.serving(stage.name), { stage, data });
  Tags.of(app).add('project', 'dukenet');
  Tags.of(app).add('stage', stage.name);
  if (serving) {
    acknowledge(data, application, serving);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
  return { data, app: application, serving };
}
