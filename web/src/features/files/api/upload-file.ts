import { api } from '../../../lib/api/client.ts';
import { unwrap } from '../../../lib/api/problem.ts';

type ContentType = 'text/csv' | 'application/json' | 'application/jsonl' | 'text/plain';

/** By the ending of the name: what browsers say of a CSV depends on the programs installed. */
const CONTENT_TYPES: Record<string, ContentType> = {
  csv: 'text/csv',
  tsv: 'text/csv',
  json: 'application/json',
  jsonl: 'application/jsonl',
  ndjson: 'application/jsonl',
  txt: 'text/plain',
  text: 'text/plain',
  md: 'text/plain',
  eml: 'text/plain',
};

export const contentTypeOf = (filename: string): ContentType | undefined =>
  CONTENT_TYPES[filename.split('.').at(-1)?.toLowerCase() ?? ''];
export const ENDINGS = Object.keys(CONTENT_TYPES).map((ending) => `.${ending}`);

/** Announces a file; its bytes go by the form that comes back. */
export const announce = (file: { name: string; size: number }, content_type: ContentType, key: string) =>
  unwrap(
    api.POST('/api/v2/files/upload', {
      params: { header: { 'Idempotency-Key': key } },
      body: { filename: file.name, content_type, size_bytes: file.size },
    }),
  );
