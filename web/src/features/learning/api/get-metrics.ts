import { useQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { ModelMetrics } from '../../../lib/api/types.ts';

/** Default: the version in production. */
export const useModelMetrics = (version?: string) =>
  useQuery({
    queryKey: [...keys.model, 'metrics', version ?? 'production'],
    queryFn: () =>
      // openapi-fetch types pairs as plain lists (`Readable`); the document says pairs.
      unwrap(
        api.GET('/api/v2/model/metrics', { params: { query: version ? { version } : {} } }),
      ) as Promise<ModelMetrics>,
  });
