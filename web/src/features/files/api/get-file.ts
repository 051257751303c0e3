import { useQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export const getFile = (file_id: string) =>
  unwrap(api.GET('/api/v2/files/{file_id}', { params: { path: { file_id } } }));

export const useFile = (id: string) =>
  useQuery({ queryKey: [...keys.files, 'one', id], queryFn: () => getFile(id) });
