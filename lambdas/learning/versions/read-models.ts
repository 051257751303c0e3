import type { RunSummary, RunView, VersionView } from '../../../contracts/api/model-views.ts';
import type { Page } from '../../../contracts/api/page.ts';
import { DukeError } from '../../../contracts/errors.ts';
import type { ModelStore } from '../../shared/stores/model-store.ts';
import type { PageRequest } from '../../shared/stores/paging.ts';
import type { RunStore } from '../../shared/stores/run-store.ts';
import { runSummary, runView, versionView } from './views.ts';

export async function listVersions(
  deps: { readonly models: ModelStore },
  page: PageRequest,
): Promise<Page<VersionView>> {
  const { items, next_cursor } = await deps.models.list(page);
  return { items: items.map(versionView), next_cursor };
}

export async function listRuns(
  deps: { readonly runs: RunStore },
  page: PageRequest,
): Promise<Page<RunSummary>> {
  const { items, next_cursor } = await deps.runs.list(page);
  return { items: items.map(runSummary), next_cursor };
}

/** @throws DukeError not_found */
export async function getRun(deps: { readonly runs: RunStore }, id: string): Promise<RunView> {
  const run = await deps.runs.get(id);
  if (!run) throw new DukeError('not_found', `There is no run ${id}.`);
  return runView(run);
}
