import type { DataStack } from '../data-stack.ts';
import type { DukeEndpoint } from '../serving/duke-endpoint.ts';
import type { FunctionDefaults } from '../shared/typed-function.ts';
import type { StageConfig } from '../stage-config.ts';

export interface TasksProps {
  readonly defaults: FunctionDefaults;
  readonly data: DataStack;
  readonly endpoint: DukeEndpoint;
}

/** Variables of functions that choose an agent for a task. */
export const selectionSettings = (stage: StageConfig) => ({
  DUKE_DEADLINE_MINUTES: String(stage.dukeDeadlineMinutes),
  AGENT_DEADLINE_MINUTES: String(stage.agentDeadlineMinutes),
  BASE_PRICE_SATOSHIS: String(stage.pricing.basePriceSatoshis),
});
