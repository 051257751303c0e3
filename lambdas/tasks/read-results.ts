import type * as z from 'zod';
import type { Page } from '../../contracts/api/page.ts';
import type { ResultSummary, ResultView } from '../../contracts/api/results.ts';
import { Correction, ResultItem } from '../../contracts/entities/result.ts';
import type { Result, Verdict } from '../../contracts/entities/result.ts';
import type { Caller } from '../shared/http/caller.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { PageRequest } from '../shared/stores/paging.ts';
import type { ResultStore } from '../shared/stores/result-store.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';
import { listOwner, mayRead, ownedTask, assertVisible } from './access.ts';
import { knownItems } from './known-items.ts';
import type { KnownItem } from './known-items.ts';
import { pageOfParts, readPart } from './parts.ts';
import { resultSummary } from './result-view.ts';

export interface ReadResultDependencies {
  readonly tasks: TaskStore;
  readonly results: ResultStore;
  readonly work: ObjectStore;
  /** Presigns a download URL for an object of the work bucket, valid for 15 minutes. */
  readonly downloadUrl: (key: string, filename: string) => Promise<string>;
}

type Summary = z.input<typeof ResultSummary>;
const FIRST_ITEMS = 100;
const ownedResult = (result: Result) => ({ buyer_id: result.buyer_id, agent_id: result.agent_id });

export async function getResult(
  deps: ReadResultDependencies,
  caller: Caller,
  resultId: string,
): Promise<z.input<typeof ResultView>> {
  const result = assertVisible(caller, await deps.results.get(resultId, { consistent: true }), ownedResult);
  const [page, outputUrl] = await Promise.all([
    itemsPage(deps.work, caller, result, { limit: FIRST_ITEMS }),
    result.output_key === null
      ? null
      : deps.downloadUrl(result.output_key, outputName(result, result.output_key)),
  ]);
  return { ...resultSummary(result), items: page.items, output_url: outputUrl };
}

const outputName = (result: Result, key: string): string =>
  `dukenet-${result.task_id}.${key.split('.').pop() ?? 'csv'}`;

export async function listResultItems(
  deps: ReadResultDependencies,
  caller: Caller,
  resultId: string,
  page: PageRequest,
) {
  const result = assertVisible(caller, await deps.results.get(resultId, { consistent: true }), ownedResult);
  return itemsPage(deps.work, caller, result, page);
}

/**
 * One page of a result's items. The buyer sees them with the verdict applied; the agent and admins see them as
 * delivered.
 */
async function itemsPage(
  work: ObjectStore,
  caller: Caller,
  result: Result,
  page: PageRequest,
): Promise<Page<KnownItem>> {
  const delivered = await pageOfParts(work, result.parts, page, ResultItem);
  const key = 'feedback' in result ? result.feedback.corrections_key : undefined;
  if (key === undefined || caller.userId !== result.buyer_id) return delivered;
  const corrections = await readPart(work, key, Correction);
  return { ...delivered, items: knownItems(result.verdict, delivered.items, corrections) };
}

export async function listResults(
  deps: ReadResultDependencies,
  caller: Caller,
  query: PageRequest & { verdict?: Verdict | undefined },
): Promise<Page<Summary>> {
  const page = await deps.results.list(
    listOwner(caller),
    query,
    (result) => query.verdict === undefined || result.verdict === query.verdict,
  );
  return { ...page, items: page.items.map(resultSummary) };
}

export async function listTaskResults(
  deps: ReadResultDependencies,
  caller: Caller,
  taskId: string,
): Promise<Page<Summary>> {
  const task = assertVisible(caller, await deps.tasks.get(taskId, { consistent: true }), ownedTask);
  const mayReadResult = mayRead(caller, { buyer_id: task.buyer_id, agent_id: task.assigned_agent_id });
  const result =
    task.status === 'completed' && mayReadResult
      ? await deps.results.get(task.result_id, { consistent: true })
      : undefined;
  return { items: result ? [resultSummary(result)] : [], next_cursor: null };
}
