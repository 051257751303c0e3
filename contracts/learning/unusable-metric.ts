/**
 * Percentage of the outcomes or families that a training run could not use: emitted by its steps, watched by an
 * alarm.
 */
export const UNUSABLE_METRIC = {
  namespace: 'DukeNET',
  name: 'UnusableTrainingData',
  dimensions: (stage: string) => ({ service: 'learning', stage }),
} as const;
