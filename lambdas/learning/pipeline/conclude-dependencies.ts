import type * as z from 'zod';
import { systemClock } from '../../shared/clock.ts';
import type { STAGE, TABLE, TRAINING_MACHINE } from '../../shared/env-parts.ts';
import { dynamoDbTable } from '../../shared/stores/dynamodb-table.ts';
import { modelStore } from '../../shared/stores/model-store.ts';
import { runStore } from '../../shared/stores/run-store.ts';
import { trainingLockStore } from '../../shared/stores/training-lock-store.ts';
import type { ConcludeDependencies } from './conclude.ts';
import { stepFunctions } from '../triggers/executions.ts';
import { sageMakerJobs } from './jobs.ts';

type ConcludeEnv = z.output<z.ZodObject<typeof STAGE & typeof TABLE & typeof TRAINING_MACHINE>>;

/** Dependencies of `conclude`, for the last step of an execution and for the reconciler. */
export function concludeDependencies(env: ConcludeEnv): ConcludeDependencies {
  const table = dynamoDbTable(env.TABLE_NAME);
  return {
    runs: runStore(table),
    models: modelStore(table),
    locks: trainingLockStore(table),
    jobs: sageMakerJobs(env.STAGE),
    executions: stepFunctions(env.TRAINING_MACHINE_ARN),
    clock: systemClock,
  };
}
