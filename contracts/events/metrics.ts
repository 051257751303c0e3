/** Metrics that functions emit in their logs and alarms evaluate, defined once for both. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: (stage: string) => { readonly service: string; readonly stage: string };
}

/** Due tasks of one shard that the sweep cannot end, so that their money stays held. */
export const TASKS_ASIDE: MetricName = {
  namespace: 'DukeNET',
  name: 'TasksSetAside',
  dimensions: (stage) => ({ service: 'tasks', stage }),
};
