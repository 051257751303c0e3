import * as z from 'zod';
import {
  COMMON,
  TABLE,
  WORK,
  STAGE,
  MIN_NEW_LABELS,
  JOB,
  TRAINING,
  REVENUE,
  CANARY,
  WATCH,
  ENDPOINT,
  TRAINING_MACHINE,
} from '../../shared/env-parts.ts';

export const BeginEnv = z.object({ ...COMMON, ...TABLE });
export const PrepareEnv = z.object({ ...COMMON, ...TABLE, ...WORK, ...STAGE, ...MIN_NEW_LABELS });
export const TrainEnv = z.object({ ...COMMON, ...TABLE, ...WORK, ...JOB, ...TRAINING });
export const PollEnv = z.object({ ...COMMON, ...TABLE, ...WORK, ...STAGE });
export const RegisterEnv = z.object({ ...COMMON, ...TABLE, ...WORK, ...STAGE });
export const EvaluateEnv = z.object({ ...COMMON, ...TABLE, ...WORK, ...JOB, ...REVENUE });
export const GateEnv = z.object({ ...COMMON, ...TABLE, ...WORK, ...STAGE });
export const WarmEnv = z.object({ ...COMMON, ...TABLE, ...ENDPOINT });
export const CanaryEnv = z.object({ ...COMMON, ...TABLE, ...CANARY });
export const PromoteEnv = z.object({ ...COMMON, ...TABLE, ...WATCH });
export const ConcludeEnv = z.object({ ...COMMON, ...TABLE, ...STAGE, ...TRAINING_MACHINE });
export const ReconcileEnv = z.object({ ...COMMON, ...TABLE, ...STAGE, ...TRAINING_MACHINE });
