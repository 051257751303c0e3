import { Readable } from 'node:stream';
import type { Kind } from '../../../contracts/entities/common.ts';
import { KIND_OF_MEDIA_TYPE } from '../../../contracts/rules/file-kinds.ts';
import type { MediaType } from '../../../contracts/rules/file-kinds.ts';
import type { File, ReadyFile } from '../../../contracts/entities/file.ts';
import type { ResultItem } from '../../../contracts/entities/result.ts';
import { objects } from '../../../contracts/naming.ts';
import type { ExamplePayload, ItemPayload } from '../../../contracts/serving/invocation.ts';
import { inspectFile } from '../../../lambdas/files/inspect-file.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { fileStore } from '../../../lambdas/shared/stores/file-store.ts';
import { expandItems } from '../../../lambdas/tasks/expand-items.ts';
import { renderOutput } from '../../../lambdas/tasks/output.ts';
import { inspectors } from './inspectors.ts';
import { memoryBucket } from './memory-bucket.ts';
import { memoryObjects } from './memory-objects.ts';
import { memoryTable } from './memory-table.ts';

export type ContentType = MediaType;
const clock = () => new Date('2026-03-01T12:00:00.000Z');

/** A file as the inspection leaves it, and the bucket that it lies in. */
export async function inspected(content_type: ContentType, content: string | Buffer, filename = 'table') {
  const bytes = Buffer.from(content as string);
  const files = fileStore(memoryTable());
  const bucket = memoryBucket();
  const at = clock().toISOString();
  const pending: Extract<File, { status: 'pending' }> = {
    id: newId(),
    owner_id: newId(),
    filename,
    content_type,
    file_type: KIND_OF_MEDIA_TYPE[content_type],
    size_bytes: bytes.length,
    created_at: at,
    updated_at: at,
    status: 'pending',
  };
  await files.create(pending);
  bucket.objects.set(objects.upload('text', pending.id), bytes);
  await inspectFile({ files, bucket, clock, inspectors }, objects.upload('text', pending.id));
  return { file: (await files.get(pending.id))!, bytes };
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
