/** Metrics that functions send in their logs and alarms watch: one definition for both. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: (stage: string) => { readonly service: string; readonly stage: string };
}

/** Due tasks of one shard that the sweep cannot end: money that stays held. */
export const TASKS_ASIDE: MetricName = {
  namespace: 'DukeNET',
  name: 'TasksSetAside',
  dimensions: (stage) => ({ service: 'tasks', stage }),
};
