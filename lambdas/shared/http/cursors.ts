import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Input, Operation } from '../../../contracts/api/operation.ts';
import { DukeError } from '../../../contracts/errors.ts';
import { canonicalJson } from '../ids.ts';
import type { Caller } from './caller.ts';

/** Bytes of HMAC-SHA-256 that a cursor carries: 128 bits. */
const TAG_BYTES = 16;

/**
 * Seals positions in lists as cursors that only this service can make (HMAC over list and position), and opens them.
 * @param key is asked for once, when a first cursor is made or opened
 */
export interface Cursors {
  seal(list: string, position: string): Promise<string>;
  /** @throws DukeError validation_failed for a cursor that was not made for this list */
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
      // Node reads base64url leniently: one cursor has one spelling.
      if (bytes.length < TAG_BYTES || bytes.toString('base64url') !== cursor) throw notOurs();
      const position = bytes.subarray(TAG_BYTES);
      if (!timingSafeEqual(bytes.subarray(0, TAG_BYTES), await tagOf(list, position))) throw notOurs();
      return position.toString('utf8');
    },
  };
}

export const takesCursor = (operation: Operation): boolean => 'cursor' in (operation.query?.shape ?? {});

/** Names one list: who reads it, by which route, of which record, with which filters. */
function listName(operation: Operation, caller: Caller | undefined, input: Input<Operation>): string {
  const { limit: _limit, cursor: _cursor, ...filters } = input.query ?? {};
  return canonicalJson([caller?.userId ?? '', operation.id, input.params ?? {}, filters]);
}

interface Paged {
  /** The input with its cursor opened: a position in this very list. */
  readonly input: Input<Operation>;
  /** An answer with its `next_cursor` sealed. */
  readonly sealed: (answer: unknown) => Promise<unknown>;
}

/**
 * Cursors are opened where a request comes in and sealed where its answer goes out, for every route whose query takes one:
 * use cases and stores know positions only. @throws DukeError validation_failed
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
