import type { Readable } from 'node:stream';
import type * as z from 'zod';
import type { FieldValue } from '../../contracts/entities/common.ts';
import type { ReadyFile } from '../../contracts/entities/file.ts';
import type { Task, TaskInputs } from '../../contracts/entities/task.ts';
import { objects, s3Uri } from '../../contracts/naming.ts';
import type { ExamplePayload, ItemPayload } from '../../contracts/serving/invocation.ts';
import { comparable } from '../../contracts/values/comparable.ts';
import { own } from '../../contracts/values/own.ts';
import { readRows } from '../shared/tables/read-rows.ts';
import type { ObjectStore } from '../shared/objects.ts';
import { inlineIds } from './item-ids.ts';
import { inlineAnswer, isTable } from './measure.ts';

type Row = Readonly<Record<string, z.infer<typeof FieldValue>>>;
type Media = NonNullable<ItemPayload['media']>;

/** One thing to answer, or one that comes with its answer. */
export type Expanded = { readonly item: ItemPayload } | { readonly example: ExamplePayload };

export interface Sources {
  readonly task: Pick<Task, 'kind' | 'target' | 'files'>;
  readonly inputs: TaskInputs;
  /** Every file the task touches, by id. */
  readonly files: ReadonlyMap<string, ReadyFile>;
  readonly uploads: ObjectStore;
}

/**
 * Every item and example of a task, in the order of its files' rows, then as given inline.
 * Tables are streamed, so that a large file never lies in memory whole.
 */
export async function* expandItems(sources: Sources): AsyncGenerator<Expanded> {
  const attached = sources.task.files.map((id) => fileOf(sources, id));
  const tables = attached.filter(isTable);
  const media = new Map(
    attached.filter((file) => !isTable(file)).map((file) => [comparable(file.filename), file]),
  );
  for (const file of tables) yield* expandTable(sources, file, media);
  if (tables.length === 0) {
    for (const file of attached) {
      yield { item: { id: file.id, fields: {}, media: { document: mediumOf(sources.uploads, file) } } };
    }
  }
  yield* expandInline(sources);
}

function fileOf(sources: Sources, id: string): ReadyFile {
  const file = sources.files.get(id);
  if (!file) throw new Error(`file ${id} of the task was not loaded`);
  return file;
}

const mediumOf = (uploads: ObjectStore, file: ReadyFile): Media[string] => ({
  uri: s3Uri(uploads.bucket, objects.ready(file.owner_id, file.id, file.metadata.sha256)),
  file_type: file.file_type,
  sha256: file.metadata.sha256,
  size_bytes: file.size_bytes,
});

async function* expandTable(
  { task, uploads }: Sources,
  file: Parameters<typeof typedFor>[0],
  media: ReadonlyMap<string, ReadyFile>,
): AsyncGenerator<Expanded> {
  const stream: Readable = await uploads.stream(objects.ready(file.owner_id, file.id, file.metadata.sha256));
  let row = 0;
  for await (const cells of readRows(typedFor(file, task), stream)) {
    row += 1;
    yield fromRow(`${file.id}:${row}`, cells, task.target, (name, cell) => {
      const medium = typeof cell === 'string' ? media.get(comparable(cell)) : undefined;
      return medium && mediumOf(uploads, medium);
    });
  }
}

/** Only a number is read as one: as labels, and as texts to be written, `01` and `1` are two. */
function typedFor(file: ReadyFile & { metadata: { columns: unknown } }, task: Pick<Task, 'kind' | 'target'>) {
  const metadata = file.metadata as Extract<ReadyFile['metadata'], { columns: unknown }>;
  if (task.kind === 'regression') return metadata;
  return {
    ...metadata,
    columns: metadata.columns.map((c) => (c.name === task.target ? { ...c, type: 'text' as const } : c)),
  };
}

/** A row without its target is the item; with a filled target, the example. */
export function fromRow(
  id: string,
  cells: Row,
  target: string | undefined,
  mediumFor: (name: string, cell: Row[string]) => Media[string] | undefined,
): Expanded {
  const fields: Record<string, Row[string]> = {};
  const media: Media = {};
  for (const [name, cell] of Object.entries(cells)) {
    if (name === target) continue;
    const medium = mediumFor(name, cell);
    if (medium) media[name] = medium;
    else fields[name] = cell;
  }
  const item: ItemPayload = { id, fields, ...(Object.keys(media).length > 0 && { media }) };
  const expected = target === undefined ? undefined : inlineAnswer(own(cells, target));
  return expected === undefined ? { item } : { example: { ...item, expected } };
}

function* expandInline(sources: Sources): Generator<Expanded> {
  const { inputs, task, uploads } = sources;
  const given = (files: Record<string, string> | undefined) =>
    Object.fromEntries(
      Object.entries(files ?? {}).map(([name, id]) => [name, mediumOf(uploads, fileOf(sources, id))]),
    );
  const withMedia = (expanded: ItemPayload, files: Record<string, string> | undefined): ItemPayload =>
    files && Object.keys(files).length > 0 ? { ...expanded, media: given(files) } : expanded;

  const ids = inlineIds(inputs);
  for (const [i, item] of inputs.items.entries()) {
    const expanded = fromRow(ids.items[i]!, item.fields ?? {}, task.target, () => undefined);
    if ('item' in expanded) yield { item: withMedia(expanded.item, item.files) };
    else
      yield { example: { ...withMedia(expanded.example, item.files), expected: expanded.example.expected } };
  }
  for (const [i, example] of inputs.examples.entries()) {
    const item: ItemPayload = { id: ids.examples[i]!, fields: example.fields ?? {} };
    yield { example: { ...withMedia(item, example.files), expected: example.expected } };
  }
}
