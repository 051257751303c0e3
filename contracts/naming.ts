/**
 * All keys and names: table keys, index keys, object keys, ids of movements, stack and resource names. Only this file and
 * its folder build or parse one.
 */
export * from './naming/indexes.ts';
export * from './naming/ledger-names.ts';
export * from './naming/object-keys.ts';
export * from './naming/shards.ts';
export * from './naming/table-keys.ts';

export const stackNames = {
  data: (stage: string): string => `DukeNET-${stage}-data`,
  app: (stage: string): string => `DukeNET-${stage}-app`,
  serving: (stage: string): string => `DukeNET-${stage}-serving`,
  edge: (stage: string): string => `DukeNET-${stage}-edge`,
  /** Alarms on what users feel, and the dashboard. */
  operations: (stage: string): string => `DukeNET-${stage}-operations`,
  /** What the edge needs from us-east-1. */
  global: (stage: string): string => `DukeNET-${stage}-global`,
} as const;

/** The state machine of a stage, and the training and processing job of one run (at most 63 characters). */
export const trainingMachineName = (stage: string): string => `dukenet-${stage}-training`;

export const jobName = (stage: string, runId: string): string => `dukenet-${stage}-${runId}`;

/** Name of the SageMaker endpoint of a stage. */
export const endpointName = (stage: string): string => `dukenet-${stage}-duke-mm`;
