import { DataManifest } from '../../../contracts/learning/manifest.ts';
import { parseWithdrawalKey, WITHDRAWALS_PREFIX } from '../../../contracts/naming.ts';
import { ObjectMissing } from '../../shared/objects.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import type { ModelStore } from '../../shared/stores/model-store.ts';
import type { ListFiles } from '../outcomes/outcome-files.ts';

/** When the data of a version was prepared; undefined if it was trained on none, or if that is not known. */
export async function preparedAt(
  deps: { readonly models: Pick<ModelStore, 'version'>; readonly work: ObjectStore },
  version: string | null,
): Promise<string | undefined> {
  const model = version === null ? undefined : await deps.models.version(version);
  if (!model || model.state === 'failed' || !model.lineage) return undefined;
  try {
    return DataManifest.parse(JSON.parse(await deps.work.text(model.lineage.manifest_key))).created_at;
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  }
}

/** Families with withdrawals since the day of `from`, in alphabetical order; of all days if it is undefined. */
export async function withdrawnSince(
  { listFiles }: { readonly listFiles: ListFiles },
  from: string | undefined,
): Promise<string[]> {
  const families = new Set<string>();
  const firstDay = from?.slice(0, 10) ?? '';
  for await (const { key } of listFiles(WITHDRAWALS_PREFIX)) {
    const mark = parseWithdrawalKey(key);
    if (mark && mark.day >= firstDay) families.add(mark.family);
  }
  return [...families].sort();
}
