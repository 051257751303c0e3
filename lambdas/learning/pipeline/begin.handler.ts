import * as z from 'zod';
import { StepInput } from '../../../contracts/learning/steps.ts';
import { systemClock } from '../../shared/clock.ts';
import { parseEnv } from '../../shared/env.ts';
import { dynamoDbTable } from '../../shared/stores/dynamodb-table.ts';
import { runStore } from '../../shared/stores/run-store.ts';
import { trainingLockStore } from '../../shared/stores/training-lock-store.ts';
import { begin } from './begin.ts';
import { BeginEnv } from './pipeline.env.ts';
import { step } from './step.ts';

const table = dynamoDbTable(parseEnv(BeginEnv).TABLE_NAME);
const deps = { runs: runStore(table), locks: trainingLockStore(table), clock: systemClock };

export const handler = step(StepInput, z.void(), ({ run_id }) => begin(deps, run_id));
