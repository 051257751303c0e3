import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { AppStack } from './app-stack.ts';
import { dashboard } from './operations/dashboard.ts';
import { experienceAlarms } from './operations/experience-alarms.ts';
import { savedQueries } from './operations/saved-queries.ts';
import { environmentOf } from './stage-config.ts';
import type { AwsStage } from './stage-config.ts';

/**
 * What operators look at, beside the application: alarms on what users feel, a dashboard, saved queries. A stack of its own,
 * because CloudFormation allows 500 resources in one.
 */
export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, { stage, app }: { stage: AwsStage; app: AppStack }) {
    super(scope, id, {
      ...environmentOf(stage),
      description: `DukeNET ${stage.name}: alarms, dashboard and queries of operators`,
    });
    experienceAlarms(this, app);
    dashboard(this, { stage, app });
    savedQueries(this, stage);
  }
}
