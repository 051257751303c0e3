/** Metrics that functions emit in their logs and alarms evaluate, defined once for both. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: (stage: string) => { readonly service: string; readonly stage: string };
}

/** Versions that were rolled back because the version before proved better on live work. */
export const ROLLBACKS: MetricName = {
  namespace: 'DukeNET',
  name: 'VersionsRolledBack',
  dimensions: (stage) => ({ service: 'learning', stage }),
};

/** Due tasks of one shard that the sweep cannot end, so that their money stays held. */
export const TASKS_ASIDE: MetricName = {
  namespace: 'DukeNET',
  name: 'TasksSetAside',
  dimensions: (stage) => ({ service: 'tasks', stage }),
};
