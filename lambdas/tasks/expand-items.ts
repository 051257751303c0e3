import type { Readable } from 'node:stream';
import type { Column } from '../../contracts/entities/column.ts';
import type { ReadyFile } from '../../contracts/entities/file.ts';
import type { TaskInputs } from '../../contracts/entities/inline-item.ts';
import type { Task } from '../../contracts/entities/task.ts';
import { objects, s3Uri } from '../../contracts/naming.ts';
import { encodingOf, readBytes, readHash } from '../../contracts/rules/file-kinds.ts';
import { targetOf } from '../../contracts/rules/target.ts';
import { ArchiveManifest, NamedMembers } from '../../contracts/values/archive-members.ts';
import { NamedFiles } from '../../contracts/values/file-names.ts';
import { own } from '../../contracts/values/own.ts';
import { readRows } from '../shared/tables/read-rows.ts';
import type { ObjectStore } from '../shared/objects.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { expandInline } from './expand-inline.ts';
import { fromRow } from './expanded.ts';
import type { Expanded, Media } from './expanded.ts';
import { isTableFile } from './tables.ts';
import type { TableFile } from './tables.ts';
import { answerOf } from './target.ts';

export interface Sources {
  readonly task: Pick<Task, 'kind' | 'target' | 'missing' | 'files'>;
  readonly inputs: TaskInputs;
  /** Every file of the task by id: attached, or named by an inline item or example. */
  readonly files: ReadonlyMap<string, ReadyFile>;
  readonly uploads: ObjectStore;
}

/**
 * Yields every item and example of a task: first those of its files in row order, then the inline ones.
 * Tables are streamed; a large file is never in memory as a whole.
 */
export async function* expandItems(sources: Sources): AsyncGenerator<Expanded> {
  const attached = sources.task.files.map((id) => fileOf(sources, id));
  const tables = attached.filter(isTableFile);
  const media = new NamedFiles(attached.filter((file) => !isTableFile(file)));
  for (const file of tables) yield* expandTable(sources, file, await mediaFor(sources, file, media));
  if (tables.length === 0) {
    for (const file of attached) {
      yield { item: { id: file.id, fields: {}, media: { document: mediumOf(sources.uploads, file) } } };
    }
  }
  yield* expandInline({ ...sources, mediumOf: (id) => mediumOf(sources.uploads, fileOf(sources, id)) });
}

function fileOf(sources: Sources, id: string): ReadyFile {
  const file = sources.files.get(id);
  if (!file) throw new Error(`file ${id} of the task was not loaded`);
  return file;
}

const mediumOf = (uploads: ObjectStore, file: ReadyFile): Media[string] => {
  const encoding = encodingOf(file.metadata);
  return {
    uri: s3Uri(uploads.bucket, objects.ready(file.id, readHash(file.metadata))),
    file_type: file.file_type,
    sha256: readHash(file.metadata),
    size_bytes: readBytes(file),
    ...(encoding !== undefined && encoding !== 'utf-8' && { encoding }),
  };
};

/** The media that cells of one table may refer to. */
interface NamedMedia {
  find(cell: string): Media[string] | undefined;
  /** Whether a cell looks like the name of a medium but is none. */
  isAbsent(cell: string): boolean;
}

/** For an archive, its members; for any other table, the files attached to the task. */
async function mediaFor(
  { uploads }: Sources,
  file: TableFile,
  attached: NamedFiles<ReadyFile>,
): Promise<NamedMedia> {
  const { metadata } = file;
  if (metadata.file_type !== 'zip') {
    return {
      find(cell) {
        const found = attached.find(cell);
        return found && mediumOf(uploads, found);
      },
      isAbsent: (cell) => attached.isAbsent(cell),
    };
  }
  const manifest = await uploads.text(objects.ready(file.id, metadata.manifest.sha256));
  const members = new NamedMembers(ArchiveManifest.parse(JSON.parse(manifest)));
  return {
    find(cell) {
      const found = members.find(cell);
      if (!found) return undefined;
      const { file_type, sha256, size_bytes } = found;
      return {
        uri: s3Uri(uploads.bucket, objects.ready(file.id, sha256)),
        file_type,
        sha256,
        size_bytes,
      };
    },
    isAbsent: (cell) => members.isAbsent(cell),
  };
}

async function* expandTable(
  { task, uploads }: Sources,
  file: TableFile,
  media: NamedMedia,
): AsyncGenerator<Expanded> {
  const stream: Readable = await uploads.stream(objects.ready(file.id, readHash(file.metadata)));
  const target = targetOf(file.metadata, task);
  const naming = new Set(
    file.metadata.columns.flatMap((column) => (column.names_files ? [column.name] : [])),
  );
  let row = 0;
  for await (const cells of readRows(typedFor(file, target, task.kind), stream)) {
    row += 1;
    if (cells === null) continue;
    const expected = target && answerOf(own(cells, target.name), target);
    yield fromRow(`${file.id}:${row}`, cells, task.target, expected, (name, cell) => {
      if (typeof cell !== 'string') return undefined;
      const medium = media.find(cell);
      if (!medium && naming.has(name) && media.isAbsent(cell))
        throw new Unreadable(
          `row ${row} of ${file.filename} names the file "${cell}", which is not attached`,
        );
      return medium;
    });
  }
}

/** Reads the target as numbers only for regression: as labels or texts, `01` and `1` differ. */
function typedFor(
  { metadata }: TableFile,
  target: Column | undefined,
  kind: Task['kind'],
): TableFile['metadata'] {
  if (!target) return metadata;
  const typed: Column = kind === 'regression' ? target : { ...target, type: 'text' };
  return {
    ...metadata,
    columns: metadata.columns.map((column) => (column.name === target.name ? typed : column)),
  };
}
