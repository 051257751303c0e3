/** What share of its outcomes or families a training run could not use, in percent: sent by steps, watched by an alarm. */
export const UNUSABLE_METRIC = {
  namespace: 'DukeNET',
  name: 'UnusableTrainingData',
  dimensions: (stage: string) => ({ service: 'learning', stage }),
} as const;
