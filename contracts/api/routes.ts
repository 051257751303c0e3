import type { Capability, Operation } from './operation.ts';
import { adminOperations } from './admin.ts';
import { agentOperations } from './agents.ts';
import { agentWorkOperations } from './agent-work.ts';
import { filePartOperations } from './file-parts.ts';
import { fileOperations } from './files.ts';
import { identityOperations } from './identity.ts';
import { insightOperations } from './insight.ts';
import { liveOperations } from './live.ts';
import { modelOperations } from './model.ts';
import { notificationOperations } from './notifications.ts';
import { previewOperations } from './previews.ts';
import { quoteOperations } from './quotes.ts';
import { resultOperations, verdictOperations } from './results.ts';
import { taskOperations } from './tasks.ts';
import { walletOperations } from './wallet.ts';

/** The route table, from which gateway routes, handlers, authorization, OpenAPI document and client are derived. */
export const ROUTES = {
  ...identityOperations,
  ...fileOperations,
  ...filePartOperations,
  ...previewOperations,
  ...taskOperations,
  ...quoteOperations,
  ...resultOperations,
  ...verdictOperations,
  ...agentWorkOperations,
  ...walletOperations,
  ...agentOperations,
  ...modelOperations,
  ...liveOperations,
  ...notificationOperations,
  ...adminOperations,
  ...insightOperations,
} as const;

export type Routes = typeof ROUTES;
export type OperationId = keyof Routes;
export const allOperations: readonly Operation[] = Object.values(ROUTES);
export const operationsOf = (capability: Capability): readonly Operation[] =>
  allOperations.filter((operation) => operation.capability === capability);
