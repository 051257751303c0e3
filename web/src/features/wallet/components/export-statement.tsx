import { ExportCsvButton } from '../../../components/export-csv-button.tsx';
import { allEntries } from '../api/list-entries.ts';
import { statementOf } from '../statement.ts';
import { WHAT } from '../words.ts';

const HEADER = ['at', 'what', 'task_id', 'price', 'held', 'paid', 'returned', 'balance_change', 'reason'];

async function statementRows() {
  return [
    HEADER,
    ...statementOf(await allEntries()).map((line) => [
      ...[line.at, WHAT[line.what], line.taskId, line.price, line.held, line.paid, line.returned],
      ...[line.change, line.reason],
    ]),
  ];
}

/** Saves the whole statement; amounts are satoshis. */
export function ExportStatement() {
  return <ExportCsvButton size="xs" filename="dukenet-statement.csv" rows={statementRows} />;
}
