import type { AppStack } from './app-stack.ts';
import type { DataStack } from './data-stack.ts';
import type { EdgeStack } from './edge-stack.ts';
import type { GlobalStack } from './global-stack.ts';
import type { OperationsStack } from './operations-stack.ts';
import type { ServingStack } from './serving-stack.ts';

/** Stacks of AWS alone: on the local platform a process serves the model, and another one is the edge. */
export interface AwsStacks {
  readonly serving: ServingStack;
  readonly global: GlobalStack;
  readonly edge: EdgeStack;
  readonly operations: OperationsStack;
}

export interface Stacks {
  readonly data: DataStack;
  readonly app: AppStack;
  readonly aws: AwsStacks | undefined;
}
