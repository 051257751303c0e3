import { hasCode } from '../../../lib/api/problem.ts';
import { useFile } from '../api/get-file.ts';

/** The name of a file, or that it was deleted. */
export function FileName({ id }: { id: string }) {
  const { data, error } = useFile(id);
  if (hasCode(error, 'not_found')) return <i>deleted file</i>;
  return data?.filename ?? '…';
}
