import { randomBytes } from 'node:crypto';
import { keys } from '../../../contracts/naming.ts';
import { record } from './records.ts';
import type { Table } from './table.ts';
import { succeeds } from './table.ts';

const KEY_BYTES = 32;

/**
 * The key that signs cursors: created on first use, stored in the table, cached by each function instance. It needs
 * no stronger protection: a cursor is a position in a list that its reader can read anyway (docs/adr/0019).
 */
export function cursorKey(table: Table): () => Promise<Buffer> {
  let key: Promise<Buffer> | undefined;
  return () =>
    (key ??= readOrMake(table).catch((error: unknown) => {
      key = undefined; // The next request tries again.
      throw error;
    }));
}

async function readOrMake(table: Table): Promise<Buffer> {
  const stored = (await read(table)) ?? (await make(table)) ?? (await read(table));
  if (!stored) throw new Error('the key of cursors is neither there nor can it be made');
  return stored;
}

async function read(table: Table): Promise<Buffer | undefined> {
  const item = await table.get(keys.cursorKey(), { consistent: true });
  return item && Buffer.from(String(item['key']), 'base64');
}

/** Undefined if another writer was faster. */
async function make(table: Table): Promise<Buffer | undefined> {
  const key = randomBytes(KEY_BYTES);
  const put = record('cursor_key', keys.cursorKey(), { key: key.toString('base64') });
  const made = await succeeds(table.write({ put, when: [{ attribute: 'pk', is: 'absent' }] }));
  return made ? key : undefined;
}
