import { Tags, Validations } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { stackNames } from '../contracts/naming.ts';
import { AppStack } from './app-stack.ts';
import { DataStack } from './data-stack.ts';
import { acknowledge } from './shared/acknowledgements.ts';
import type { StageConfig } from './stage.ts';

/** All of DukeNET for one stage. On AWS stages `app.synth()` throws on a finding of cdk-nag. */
export function dukenet(app: App, stage: StageConfig): { data: DataStack; app: AppStack } {
  const data = new DataStack(app, stackNames.data(stage.name), stage);
  const application = new AppStack(app, stackNames.app(stage.name), { stage, data });
  Tags.of(app).add('project', 'dukenet');
  Tags.of(app).add('stage', stage.name);
  if (stage.name !== 'local') {
    acknowledge(data, application);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
  return { data, app: application };
}
