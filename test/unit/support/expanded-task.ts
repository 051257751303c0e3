import { Readable } from 'node:stream';
import type { CreateTaskBody } from '../../../contracts/api/task-bodies.ts';
import type { ReadyFile } from '../../../contracts/entities/file.ts';
import { TaskInputs } from '../../../contracts/entities/inline-item.ts';
import { roundAnswers } from '../../../lambdas/shared/round-answers.ts';
import { assertDoable } from '../../../lambdas/tasks/doable.ts';
import { expandItems } from '../../../lambdas/tasks/expand-items.ts';
import type { Expanded } from '../../../lambdas/tasks/expanded.ts';
import { measureTask } from '../../../lambdas/tasks/measure.ts';
import { renderOutput } from '../../../lambdas/tasks/output.ts';
import { taskBody } from './marketplace.ts';
import { memoryObjects } from './memory-objects.ts';
import { inspected } from './table-flow.ts';
import type { ContentType } from './table-flow.ts';

export type Overrides = Partial<CreateTaskBody>;

/** What a task over a table is, what goes to the model, and the file that comes back with `answer` in every item. */
export async function tableTask(
  content: string,
  target: string,
  overrides: Overrides = {},
  type: ContentType = 'text/csv',
) {
  const { file } = await inspected(type, content);
  if (file.status !== 'ready') throw new Error(`the file is ${file.status}`);
  const body = taskBody({ labels: undefined, items: [], target, files: [file.id], ...overrides });
  const measure = measureTask(body, [file]);
  assertDoable(body, [file], measure);
  const uploads = { ...memoryObjects('files'), stream: async () => Readable.from([Buffer.from(content)]) };
  const work = await expanded(body, measure.kind, new Map([[file.id, file]]), uploads);
  const fill = async (...answers: (string | number)[]): Promise<string> => {
    const items = roundAnswers(
      { answer_form: measure.answerForm },
      work.items.map(({ id }, i) => ({ id, prediction: answers[i % answers.length]! })),
    );
    const output = await renderOutput({
      task: { kind: measure.kind, target },
      attached: [file],
      inputs: { items: [], examples: [] },
      uploads,
      items,
    });
    return output.body.toString();
  };
  return { file, measure, ...work, fill };
}

export async function expanded(
  body: CreateTaskBody,
  kind: ReturnType<typeof measureTask>['kind'],
  files: ReadonlyMap<string, ReadyFile>,
  uploads: Parameters<typeof expandItems>[0]['uploads'],
) {
  const all: Expanded[] = [];
  const inputs = TaskInputs.parse({ items: body.items, examples: body.examples });
  const task = {
    kind,
    target: body.target,
    missing: body.missing,
    files: body.files,
  };
  for await (const one of expandItems({ task, inputs, files, uploads })) all.push(one);
  const items = all.flatMap((one) => ('item' in one ? [one.item] : []));
  const examples = all.flatMap((one) => ('example' in one ? [one.example] : []));
  return { items, examples, expected: examples.map((example) => example.expected) };
}

export const inlineTask = async (overrides: Overrides) => {
  const body = taskBody({ labels: undefined, items: [], ...overrides });
  const measure = measureTask(body, []);
  assertDoable(body, [], measure);
  return { measure, ...(await expanded(body, measure.kind, new Map(), memoryObjects('files'))) };
};

export const rows = (...lines: string[]): string => `${lines.join('\n')}\n`;
