import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ExecutionStatus } from '@aws-sdk/client-sfn';

/** Executions of the training state machine, each named after its run. */
export interface Executions {
  /** Starts the execution of a run, unless it exists already. */
  start(runId: string): Promise<void>;
  /** Undefined if there never was one. */
  status(runId: string): Promise<ExecutionStatus | undefined>;
  stop(runId: string, cause: string): Promise<void>;
}

/** @param machineArn `arn:…:stateMachine:<name>` */
export function stepFunctions(machineArn: string, client = new SFNClient()): Executions {
  const executionArn = (runId: string): string =>
    `${machineArn.replace(':stateMachine:', ':execution:')}:${runId}`;
  return {
    async start(runId) {
      try {
        await client.send(
          new StartExecutionCommand({
            stateMachineArn: machineArn,
            name: runId,
            input: JSON.stringify({ run_id: runId }),
          }),
        );
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
    async status(runId) {
      try {
        return (await client.send(new DescribeExecutionCommand({ executionArn: executionArn(runId) })))
          .status;
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return undefined;
        throw error;
      }
    },
    async stop(runId, cause) {
      await client.send(new StopExecutionCommand({ executionArn: executionArn(runId), cause }));
    },
  };
}
