import { randomUUID } from 'node:crypto';
import { writeCsv } from '../../../lambdas/shared/tables/write-csv.ts';
import { DukeNet } from '../../../client/typescript/src/index.ts';
import { allAnswers } from '../run-task.ts';
import type { AskFrozen } from './frozen.ts';
import type { Row, Source } from './sources.ts';

/** One task, judged by the true labels. */
export interface Judged {
  readonly source: string;
  readonly version: string;
  readonly items: number;
  readonly right: number;
  /** Success of the version that served at the start of the demonstration, on the same items. */
  readonly frozenRight: number;
}

const DEPOSIT = 100_000_000;

/** Registers a new buyer with play money: what Duke MM learns from a buyer's families is used for that buyer only. */
export async function newBuyer(apiUrl: string, name: string): Promise<DukeNet> {
  const email = `${name}-${randomUUID().slice(0, 8)}@example.com`;
  const password = `Demo-${randomUUID()}`;
  const api = new DukeNet({ baseUrl: apiUrl });
  await api.call('register', { body: { email, password, user_type: 'buyer' } });
  await api.login(email, password);
  await api.call('deposit', { body: { amount_satoshis: DEPOSIT } });
  return api;
}

async function inputs(api: DukeNet, { as, name }: Source, rows: readonly Row[]) {
  if (as === 'items') return { items: rows.map(({ fields }) => ({ fields })) };
  const columns = Object.keys(rows[0]!.fields);
  const text =
    as === 'json'
      ? JSON.stringify(rows.map(({ fields }) => fields))
      : writeCsv([columns, ...rows.map(({ fields }) => columns.map((column) => String(fields[column])))]);
  const file = await api.upload({
    filename: `${name}.${as}`,
    content_type: as === 'json' ? 'application/json' : 'text/csv',
    data: text,
  });
  return { files: [file.id] };
}

/**
 * Posts one task, waits for the answers, and gives honest feedback: accepts a correct result, and corrects each wrong
 * answer. The marketplace learns the truth from this feedback only.
 * @param frozen what the frozen version is, and how to ask it
 * @throws Error if the task was not answered
 */
export async function judgedTask(
  api: DukeNet,
  source: Source,
  rows: readonly Row[],
  frozen: { readonly version: string; readonly ask: AskFrozen },
): Promise<Judged> {
  const task = await api.createAndWait({
    description: source.description,
    complexity: 1,
    labels: [...source.labels],
    ...(await inputs(api, source, rows)),
  });
  if (task.status !== 'completed' || task.result_id === undefined || task.model_version === undefined) {
    throw new Error(`task ${task.id} is ${task.status}: ${task.failure_reason ?? 'no reason given'}`);
  }
  const { result_id, model_version, recalled_count } = task;
  const answers = await allAnswers(api, result_id);
  const corrections = answers.flatMap(({ id, prediction }, i) =>
    prediction === rows[i]!.label ? [] : [{ item_id: id, expected: rows[i]!.label }],
  );
  await api.call('giveFeedback', {
    params: { result_id },
    body: { verdict: corrections.length > 0 ? 'reject' : 'accept', corrections },
  });
  const right = rows.length - corrections.length;
  const judged = { source: source.name, version: model_version, items: rows.length, right };
  if (model_version === frozen.version && recalled_count === undefined)
    return { ...judged, frozenRight: right };
  const { items } = await api.call('listTaskItems', { params: { task_id: task.id } });
  const old = await frozen.ask(task, items);
  return { ...judged, frozenRight: old.filter((answer, i) => answer === rows[i]!.label).length };
}
