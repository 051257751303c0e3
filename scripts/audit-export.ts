/** `npm run audit:export -- --email admin@… [--url http://…]`: the whole audit log as CSV on standard output. */
import { stringify } from 'csv-stringify/sync';
import { parseArgs } from 'node:util';
import { DukeNet } from '../client/typescript/src/index.ts';
import { askSecret } from './shared/ask-secret.ts';

const { values } = parseArgs({
  options: { email: { type: 'string' }, url: { type: 'string', default: 'http://localhost:8000' } },
});
if (values.email === undefined) throw new Error('Name the administrator: --email');
const password = process.env['DUKENET_PASSWORD'] ?? (await askSecret(`Password of ${values.email}: `));
const api = await new DukeNet({ baseUrl: values.url }).login(values.email, password);

const columns = ['at', 'actor_id', 'action', 'subject', 'details', 'id'];
process.stdout.write(stringify([columns]));
for (let cursor: string | undefined; ;) {
  const page = await api.call('listAuditLog', { query: { limit: 100, ...(cursor && { cursor }) } });
  const rows = page.items.map((entry) => [
    ...[entry.at, entry.actor_id, entry.action, entry.subject],
    ...[JSON.stringify(entry.details), entry.id],
  ]);
  // Escapes texts that a spreadsheet would run as formulas.
  process.stdout.write(stringify(rows, { escape_formulas: true }));
  if (page.next_cursor === null) break;
  cursor = page.next_cursor;
}
