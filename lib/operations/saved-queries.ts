import { QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { AwsStage } from '../stage-config.ts';

/** Questions of the runbook. Logs Insights takes the groups by their prefix. */
const QUERIES: Readonly<Record<string, QueryString>> = {
  errors: new QueryString({
    fields: ['@timestamp', 'service', 'message', 'error.name', 'error.message', '@log'],
    filterStatements: ['level = "ERROR"'],
    sort: '@timestamp desc',
    limit: 200,
  }),
  'one-task': new QueryString({
    fields: ['@timestamp', 'service', 'level', 'message'],
    filterStatements: ['@message like "<task id>"'],
    sort: '@timestamp asc',
    limit: 1000,
  }),
  'slowest-invocations': new QueryString({
    fields: ['@timestamp', '@log', 'record.metrics.durationMs', 'record.requestId'],
    filterStatements: ['type = "platform.report"'],
    sort: 'record.metrics.durationMs desc',
    limit: 50,
  }),
  'memory-by-function': new QueryString({
    filterStatements: ['type = "platform.report"'],
    statsStatements: [
      'max(record.metrics.maxMemoryUsedMB) as used, max(record.metrics.memorySizeMB) as size by @log',
    ],
    sort: 'used desc',
  }),
};

/** Saved queries of CloudWatch Logs Insights. */
export function savedQueries(scope: Construct, stage: AwsStage): void {
  for (const [name, queryString] of Object.entries(QUERIES))
    new QueryDefinition(scope, `Query-${name}`, {
      queryDefinitionName: `dukenet-${stage.name}/${name}`,
      queryString,
    });
}
