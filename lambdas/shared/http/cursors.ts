import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Input, Operation } from '../../../contracts/api/operation.ts';
import { DukeError } from '../../../contracts/errors.ts';
import { canonicalJson } from '../ids.ts';
import type { Caller } from './caller.ts';

/** Length of the HMAC-SHA-256 in a cursor, truncated to 128 bits, in bytes. */
const TAG_BYTES = 16;

/**
 * Signs positions in lists as cursors (HMAC over list and position), and verifies them.
 * @param key called once, for the first cursor
 */
export interface Cursors {
  seal(list: string, position: string): Promise<string>;
  /** @throws DukeError validation_failed for a cursor of another list */
  open(list: string, cursor: string): Promise<string>;
}

const notOurs = (): DukeError =>
  new DukeError('validation_failed', 'The cursor is not one of this list.', {
    errors: [{ path: 'cursor', message: 'give back next_cursor as it came, for the same list and filters' }],
  });

export function sealedCursors(key: () => Promise<Buffer>): Cursors {
  const tagOf = async (list: string, position: Buffer): Promise<Buffer> => {
    const text = Buffer.from(JSON.stringify([list, position.toString('utf8')]));
    return createHmac('sha256', await key())
      .update(text)
      .digest()
      .subarray(0, TAG_BYTES);
  };
  return {
    async seal(list, position) {
      const bytes = Buffer.from(position, 'utf8');
      return Buffer.concat([await tagOf(list, bytes), bytes]).toString('base64url');
    },
    async open(list, cursor) {
      const bytes = Buffer.from(cursor, 'base64url');
      // Node decodes base64url leniently; accept only the canonical form.
      if (bytes.length < TAG_BYTES || bytes.toString('base64url') !== cursor) throw notOurs();
      const position = bytes.subarray(TAG_BYTES);
      if (!timingSafeEqual(bytes.subarray(0, TAG_BYTES), await tagOf(list, position))) throw notOurs();
      return position.toString('utf8');
    },
  };
}

export const takesCursor = (operation: Operation): boolean => 'cursor' in (operation.query?.shape ?? {});

/** Identifies a list by its reader, route, record and filters. */
function listName(operation: Operation, caller: Caller | undefined, input: Input<Operation>): string {
  const { limit: _limit, cursor: _cursor, ...filters } = input.query ?? {};
  return canonicalJson([caller?.userId ?? '', operation.id, input.params ?? {}, filters]);
}

interface Paged {
  /** The input with its cursor replaced by the position. */
  readonly input: Input<Operation>;
  /** An answer with its `next_cursor` signed. */
  readonly sealed: (answer: unknown) => Promise<unknown>;
}

/**
 * Verifies the cursor of a request and signs that of its answer, for every route whose query has one, so that use cases and
 * stores only handle positions. @throws DukeError validation_failed
 */
export async function paged(
  cursors: Cursors,
  operation: Operation,
  caller: Caller | undefined,
  input: Input<Operation>,
): Promise<Paged> {
  const list = listName(operation, caller, input);
  const { cursor, ...query } = input.query as { cursor?: string };
  const position = cursor === undefined ? undefined : await cursors.open(list, cursor);
  return {
    input: { ...input, query: { ...query, ...(position !== undefined && { cursor: position }) } },
    async sealed(answer) {
      const page = answer as { next_cursor: string | null };
      if (page.next_cursor === null) return page;
      return { ...page, next_cursor: await cursors.seal(list, page.next_cursor) };
    },
  };
}
