/** States of an active training run, in their order. */
export const ACTIVE_RUN = ['starting', 'preparing', 'training', 'evaluating', 'deciding', 'canary'] as const;
/** Final states of a training run. */
export const ENDED_RUN = ['promoted', 'archived', 'failed'] as const;

type RunStatus = (typeof ACTIVE_RUN)[number] | (typeof ENDED_RUN)[number];

export const isActiveRun = (status: RunStatus): status is (typeof ACTIVE_RUN)[number] =>
  (ACTIVE_RUN as readonly RunStatus[]).includes(status);
