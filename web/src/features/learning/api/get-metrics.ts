import { useQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { ModelMetrics } from '../../../lib/api/types.ts';

/** Of the version in production where none is named. */
export const useModelMetrics = (version?: string) =>
  useQuery({
    queryKey: [...keys.model, 'metrics', version ?? 'production'],
    queryFn: () =>
      // The types of openapi-fetch make plain lists of pairs (`Readable`); the document says pairs.
      unwrap(
        api.GET('/api/v2/model/metrics', { params: { query: version ? { version } : {} } }),
      ) as Promise<ModelMetrics>,
  });
