import { useQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { Result } from '../../../lib/api/types.ts';

// openapi-fetch types the pair of an interval as a plain list (`Readable`); the document says a pair.
export const getResult = (result_id: string) =>
  unwrap(api.GET('/api/v2/results/{result_id}', { params: { path: { result_id } } })) as Promise<Result>;

export const useResult = (result_id: string) =>
  useQuery({ queryKey: [...keys.results, 'one', result_id], queryFn: () => getResult(result_id) });
