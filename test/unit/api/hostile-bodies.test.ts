import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../../contracts/api/openapi.ts';
import { ROUTES } from '../../../contracts/api/routes.ts';
import type { OperationId } from '../../../contracts/api/routes.ts';
import { HOSTILE_NAMES } from '../../support/hostile-names.ts';

type Node = Record<string, unknown>;

const document = openApiDocument('test') as unknown as {
  paths: Record<string, Record<string, Node & { operationId: string; requestBody?: Node }>>;
};
/** The example of a request body, by operation. Every body has one (`document.test.ts`). */
function exampleOf(id: string): Node {
  const operation = Object.values(document.paths)
    .flatMap((path) => Object.values(path))
    .find(({ operationId }) => operationId === id);
  const content = operation?.requestBody?.['content'] as Record<string, Node>;
  return content['application/json']!['example'] as Node;
}

const HOSTILE: readonly unknown[] = [
  ...['', ' ', '\u0000', '\ud800', ...HOSTILE_NAMES],
  ...[-1, 0, 0.5, 1e308, Number.NaN, true, null],
  ...[[], {}, [null], [''], [{}], { constructor: 1 }],
];
const bodies = Object.entries(ROUTES).filter(([, operation]) => 'body' in operation);

describe('an invalid field', () => {
  // A check of the whole body also runs where a field has the right type and breaks a bound.
  it.each(bodies.map(([id]) => id as OperationId))(
    'of %s gives a validation issue, never an exception',
    (id) => {
      const { body } = ROUTES[id] as { body: { safeParse: (value: unknown) => { success: boolean } } };
      const example = exampleOf(id);
      for (const field of [...Object.keys(example), 'unknown']) {
        for (const value of HOSTILE) {
          expect(() => body.safeParse({ ...example, [field]: value })).not.toThrow();
        }
      }
      for (const value of HOSTILE) expect(() => body.safeParse(value)).not.toThrow();
    },
  );
});
