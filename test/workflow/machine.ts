import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMiniStack } from '../../local/ministack.ts';
import { freePort } from '../../local/ports.ts';
import { repository } from '../../local/platform.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const DEFINITION = read('../../stepfunctions/training.asl.json');
const STUB = read('./step-stub.cjs');
/** Waits and the pauses between tries take a hundredth of their time. */
const SCALE = '0.01';
export const MAX_WARMINGS = 3;
export const MAX_CANARY_LOOKS = 4;

/** What a step answers, call after call. */
export type Scenario = Readonly<Record<string, readonly unknown[]>>;

export interface Ended {
  readonly status: string;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** Names of states in the order they were entered, waits left out. */
  readonly path: readonly string[];
  /** What the step that ends the run was given. */
  readonly conclusion: unknown;
}

export interface TestMachine {
  run(scenario: Scenario): Promise<Ended>;
  /** Starts one and stops it in a state; answers with how it ended. */
  stopIn(state: string, scenario: Scenario): Promise<Ended>;
  stop(): Promise<void>;
}

function template(): object {
  const names = [...DEFINITION.matchAll(/\$\{(\w+)Function\}/g)].map(([, name]) => name!);
  const functions = [...new Set(names)].map((step): [string, object] => [
    `${step}Function`,
    {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: `step-${step}`,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::000000000000:role/step',
        Environment: { Variables: { STEP: step } },
        Code: { ZipFile: STUB },
      },
    },
  ]);
  const arns = functions.map(([id]): [string, object] => [id, { 'Fn::GetAtt': [id, 'Arn'] }]);
  return {
    Resources: {
      ...Object.fromEntries(functions),
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          StateMachineName: 'training',
          RoleArn: 'arn:aws:iam::000000000000:role/machine',
          DefinitionString: DEFINITION,
          DefinitionSubstitutions: {
            ...Object.fromEntries(arns),
            PollSeconds: '10',
            WarmSeconds: '5',
            MostWarmings: String(MAX_WARMINGS),
            CanaryPollSeconds: '10',
            MaxCanaryLooks: String(MAX_CANARY_LOOKS),
          },
        },
      },
    },
    Outputs: { Arn: { Value: { Ref: 'Machine' } } },
  };
}

/** The state machine of the product, from its file, on a MiniStack of its own. */
export async function startMachine(): Promise<TestMachine> {
  const folder = mkdtempSync(join(tmpdir(), 'dukenet-workflow-'));
  const port = await freePort();
  const places = { root: repository, state: join(folder, 'state'), logs: join(folder, 'logs') };
  const stack = await startMiniStack(places, port, new AbortController().signal, {
    SFN_WAIT_SCALE: SCALE,
  });
  const config = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const sfn = new SFNClient(config);
  const stateMachineArn = await deployed(new CloudFormationClient(config));
  let started = 0;
  const start = async (scenario: Scenario): Promise<string> => {
    const run_id = Buffer.from(JSON.stringify({ ...scenario, id: ++started })).toString('base64url');
    const input = JSON.stringify({ run_id });
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
    return executionArn!;
  };
  return {
    run: async (scenario) => ended(sfn, await start(scenario)),
    async stopIn(state, scenario) {
      const executionArn = await start(scenario);
      while (!entered(await history(sfn, executionArn)).includes(state)) await sleep(20);
      await sfn.send(new StopExecutionCommand({ executionArn, cause: 'by hand' }));
      return ended(sfn, executionArn);
    },
    async stop() {
      await stack.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function deployed(cloudFormation: CloudFormationClient): Promise<string> {
  const StackName = 'workflow';
  await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template()) }));
  for (;;) {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    const [made] = Stacks ?? [];
    const arn = made?.Outputs?.find(({ OutputKey }) => OutputKey === 'Arn')?.OutputValue;
    if (made?.StackStatus === 'CREATE_COMPLETE' && arn) return arn;
    if (made?.StackStatus !== 'CREATE_IN_PROGRESS') throw new Error(`stack: ${made?.StackStatusReason}`);
    await sleep(100);
  }
}

async function history(sfn: SFNClient, executionArn: string): Promise<HistoryEvent[]> {
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  return events;
}

const entered = (events: readonly HistoryEvent[]): string[] =>
  events.flatMap((event) => event.stateEnteredEventDetails?.name ?? []);

async function ended(sfn: SFNClient, executionArn: string): Promise<Ended> {
  for (;;) {
    const { status, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'RUNNING') {
      await sleep(20);
      continue;
    }
    const events = await history(sfn, executionArn);
    const last = events.findLast((event) => event.stateExitedEventDetails?.name?.match(CONCLUDING));
    const { run_id: _, ...conclusion } = JSON.parse(last?.stateExitedEventDetails?.output ?? '{}') as Record<
      string,
      unknown
    >;
    return {
      status: String(status),
      error,
      cause,
      path: entered(events).filter((name) => !name.startsWith('Wait')),
      conclusion,
    };
  }
}

const CONCLUDING = /^(RecordPromotion|Archive|RecordFailure)$/;
