import { readFile } from 'node:fs/promises';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { stackNames } from '../../contracts/naming.ts';
import { ScriptError } from './command-line.ts';
import type { StageName } from './command-line.ts';

const DataOutputs = z.object({
  TableName: z.string(),
  FilesBucket: z.string(),
  WorkBucket: z.string(),
  UserPoolId: z.string(),
  UserPoolClientId: z.string(),
});
export type DataOutputs = z.infer<typeof DataOutputs>;

const OutputsFile = z.record(z.string(), z.record(z.string(), z.string()));

async function fromFile(file: string, stack: string): Promise<unknown> {
  return OutputsFile.parse(JSON.parse(await readFile(file, 'utf8')))[stack];
}

async function fromCloudFormation(stack: string): Promise<unknown> {
  const { Stacks } = await new CloudFormationClient().send(new DescribeStacksCommand({ StackName: stack }));
  return Object.fromEntries((Stacks?.[0]?.Outputs ?? []).map((o) => [o.OutputKey, o.OutputValue]));
}

/**
 * Outputs of the data stack of a stage: from the file that `DUKENET_OUTPUTS` names, as `cdk deploy --outputs-file`
 * writes it, else from CloudFormation.
 * @throws ScriptError if the stack is not deployed
 */
export async function dataOutputs(stage: StageName): Promise<DataOutputs> {
  const stack = stackNames.data(stage);
  const file = process.env['DUKENET_OUTPUTS'];
  try {
    return DataOutputs.parse(await (file ? fromFile(file, stack) : fromCloudFormation(stack)));
  } catch (error) {
    const where = file ? `in ${file}` : 'in CloudFormation, with these AWS credentials and region';
    throw new ScriptError(`There is no deployed ${stack} ${where}. Deploy the stage first.`, {
      cause: error,
    });
  }
}
