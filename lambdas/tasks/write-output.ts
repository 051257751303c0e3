import type { ReadyFile } from '../../contracts/entities/file.ts';
import { TaskInputs } from '../../contracts/entities/inline-item.ts';
import type { Task } from '../../contracts/entities/task.ts';
import { objects } from '../../contracts/naming.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { FileStore } from '../shared/stores/file-store.ts';
import type { KnownItem } from './known-items.ts';
import { renderOutput } from './output.ts';

export interface WriteOutputDependencies {
  readonly files: FileStore;
  readonly uploads: ObjectStore;
  readonly work: ObjectStore;
}

/**
 * Renders the output of a task and stores it. Idempotent: the same key always gets the same content.
 * @param revision hash of the verdict; the key of the judged output contains it, so that the delivered file is unchanged
 *   until the verdict is stored
 * @returns the key of the output
 */
export async function writeOutput(
  deps: WriteOutputDependencies,
  task: Task,
  items: readonly KnownItem[],
  revision?: string,
): Promise<string> {
  const inputs = TaskInputs.parse(JSON.parse(await deps.work.text(objects.taskInputs(task.id))));
  const attached = await attachedFiles(deps.files, task.files);
  const output = await renderOutput({ task, attached, inputs, uploads: deps.uploads, items });
  const key =
    revision === undefined
      ? objects.output(task.id, output.extension)
      : objects.judgedOutput(task.id, revision, output.extension);
  await deps.work.put(key, output.body, output.contentType);
  return key;
}

async function attachedFiles(store: FileStore, ids: readonly string[]): Promise<ReadyFile[]> {
  const files = await Promise.all(ids.map((id) => store.tied(id)));
  return files.filter((file) => file !== undefined);
}
