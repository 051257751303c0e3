import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export function useDeleteFile() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (file_id: string) =>
      unwrap(api.DELETE('/api/v2/files/{file_id}', { params: { path: { file_id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.files }),
  });
}
