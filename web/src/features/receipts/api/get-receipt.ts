import { useQuery } from '@tanstack/react-query';
import { readHash } from '../../../../../contracts/rules/file-kinds.ts';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { hasCode, unwrap } from '../../../lib/api/problem.ts';
import type { LedgerEntry, Task } from '../../../lib/api/types.ts';
import { receiptOf, type ReceiptFile } from '../receipt.ts';

/** The entries of a task. The list has no filter, so pages are read back to the time when the task was posted. */
async function entriesOf({ id, created_at }: Task): Promise<LedgerEntry[]> {
  const found: LedgerEntry[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 100, ...(cursor !== undefined && { cursor }) };
    const page = await unwrap(api.GET('/api/v2/wallet/entries', { params: { query } }));
    found.push(...page.items.filter(({ task_id }) => task_id === id));
    const oldest = page.items.at(-1);
    cursor = oldest && oldest.created_at >= created_at ? (page.next_cursor ?? undefined) : undefined;
  } while (cursor !== undefined);
  return found;
}

async function fileOf(file_id: string): Promise<ReceiptFile> {
  try {
    const { filename, metadata } = await unwrap(
      api.GET('/api/v2/files/{file_id}', { params: { path: { file_id } } }),
    );
    return { filename, sha256: metadata ? readHash(metadata) : undefined };
  } catch (error) {
    if (hasCode(error, 'not_found')) return { filename: 'deleted file', sha256: undefined };
    throw error;
  }
}

async function filesOf(ids: readonly string[]): Promise<ReceiptFile[]> {
  const files: ReceiptFile[] = [];
  for (const id of ids) files.push(await fileOf(id)); // one at a time: a task may have 500, and requests are limited
  return files;
}

/** The receipt of a task whose money has moved. Nothing of it changes any more. */
export const useReceipt = (task: Task, enabled: boolean) =>
  useQuery({
    queryKey: [...keys.wallet, 'receipt', task.id],
    queryFn: async () => receiptOf(task, await entriesOf(task), await filesOf(task.files)),
    staleTime: Infinity,
    enabled,
  });
