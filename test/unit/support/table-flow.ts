import { Readable } from 'node:stream';
import type { Kind } from '../../../contracts/entities/common.ts';
import type { MediaType } from '../../../contracts/rules/file-kinds.ts';
import type { ReadyFile } from '../../../contracts/entities/file.ts';
import type { ResultItem } from '../../../contracts/entities/result.ts';
import type { ExamplePayload, ItemPayload } from '../../../contracts/serving/invocation.ts';
import { expandItems } from '../../../lambdas/tasks/expand-items.ts';
import { renderOutput } from '../../../lambdas/tasks/output.ts';
import { inspectBytes } from './inspected-bytes.ts';
import { memoryObjects } from './memory-objects.ts';

export type ContentType = MediaType;

/** A file after its inspection, with its bytes. */
export async function inspected(content_type: ContentType, content: string | Buffer, filename = 'table') {
  const bytes = Buffer.from(content as string);
  const { file } = await inspectBytes(content_type, bytes, filename);
  return { file, bytes };
}

/** A file that must be ready, with its reason where it is not. */
export async function ready(content_type: ContentType, content: string | Buffer): Promise<ReadyFile> {
  const { file } = await inspected(content_type, content);
  if (file.status !== 'ready')
    throw new Error(file.status === 'rejected' ? file.rejected_reason : file.status);
  return file;
}

export interface Flow {
  readonly file: ReadyFile;
  readonly items: ItemPayload[];
  readonly examples: ExamplePayload[];
  readonly output: Buffer;
  readonly extension: string;
}

type Answerer = (item: ItemPayload, n: number) => string | number;

/** Inspection → items → answers → output of one file, without a marketplace around it. */
export async function fillIn(
  content_type: ContentType,
  content: string | Buffer,
  target: string,
  answer: Answerer,
  kind: Kind = 'classification',
): Promise<Flow> {
  const file = await ready(content_type, content);
  const uploads = {
    ...memoryObjects('files'),
    stream: async () => Readable.from([Buffer.from(content as string)]),
  };
  const items: ItemPayload[] = [];
  const examples: ExamplePayload[] = [];
  const sources = {
    task: { kind, target, files: [file.id] },
    inputs: { items: [], examples: [] },
    files: new Map([[file.id, file]]),
    uploads,
  };
  for await (const expanded of expandItems(sources)) {
    if ('item' in expanded) items.push(expanded.item);
    else examples.push(expanded.example);
  }
  const answers: ResultItem[] = items.map((item, n) => ({ id: item.id, prediction: answer(item, n) }));
  const { body, extension } = await renderOutput({
    task: { kind, target },
    attached: [file],
    inputs: { items: [], examples: [] },
    uploads,
    items: answers,
  });
  return { file, items, examples, output: body, extension };
}
