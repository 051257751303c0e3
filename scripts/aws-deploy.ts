/**
 * `npm run aws:deploy -- --stage dev|prod`: synthesizes once and deploys the stacks of a stage one after the other, so that what
 * the endpoint needs (a quota for its instances) stops nothing else on a first deployment.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { CloudFormationClient, paginateListStacks } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { stackNames } from '../contracts/naming.ts';
import { commandLine, run, say, ScriptError } from './shared/command-line.ts';
import { deploymentOrder } from './shared/deployment-order.ts';

const ROOT = join(import.meta.dirname, '..');
const ASSEMBLY = join(ROOT, 'cdk.out');

async function cdk(...args: string[]): Promise<void> {
  const child = spawn(join(ROOT, 'node_modules', '.bin', 'cdk'), args, { cwd: ROOT, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0)
    throw new ScriptError(`cdk ${args.slice(0, 2).join(' ')} ended with ${code ?? 'a signal'}.`);
}

async function deployedStacks(): Promise<Set<string>> {
  const names = new Set<string>();
  const pages = paginateListStacks(
    { client: new CloudFormationClient() },
    { StackStatusFilter: ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'] },
  );
  for await (const { StackSummaries = [] } of pages)
    for (const { StackName } of StackSummaries) if (StackName) names.add(StackName);
  return names;
}

await run(async () => {
  const usage = 'npm run aws:deploy -- --stage dev|prod';
  const { stage } = commandLine(usage, z.strictObject({ stage: z.enum(['dev', 'prod']) }));
  const order = deploymentOrder(stage, await deployedStacks());
  await cdk('synth', '--quiet', '-c', `stage=${stage}`, '--output', ASSEMBLY);
  for (const stack of order) {
    say(`Deploying ${stack}`);
    const deploy = cdk('deploy', stack, '--exclusively', '--app', ASSEMBLY, '--require-approval', 'never');
    // The last stack of a first deployment: all others are deployed.
    if (stack === stackNames.serving(stage) && order.at(-1) === stack)
      await deploy.catch((cause: unknown) => {
        throw new ScriptError(
          `The marketplace is deployed; the endpoint of the model is not, so that tasks wait. "npm run aws:preflight -- --stage ${stage}" shows what it needs.`,
          { cause },
        );
      });
    else await deploy;
  }
});
