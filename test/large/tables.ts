/**
 * Reads and fills in a CSV of 100 MB, as the inspection and the output do, and prints seconds and the peak of memory.
 * `npm run tables:large -- --rows 400000`: more rows are shorter ones.
 */
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LIMITS } from '../../contracts/limits.ts';
import { fingerprint } from '../../lambdas/files/fingerprint.ts';
import { TEXT_INSPECTORS } from '../../lambdas/files/text-inspectors.ts';
import { filledCsv } from '../../lambdas/shared/tables/fill-csv.ts';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '400000' } } });
const rows = Number(values.rows);
const folder = fileURLToPath(new URL('../../.local/tables', import.meta.url));
const path = join(folder, `${rows}.csv`);
const text = 'wörds, and "more" of them '.repeat(Math.ceil(LIMITS.csvFile.value / rows / 30));
const width = Math.floor(LIMITS.csvFile.value / rows) - 40;

function* lines(): Generator<string> {
  yield 'id,amount,text,label\r\n';
  for (let row = 1; row <= rows; row += 1) {
    const label = row % 3 === 0 ? '' : row % 2 === 0 ? 'good' : 'bad';
    yield `${row},${(row * 1.25).toFixed(2)},"${text.slice(0, width * 0.9).replaceAll('"', '""')}",${label}\r\n`;
  }
}

async function timed<T>(what: string, run: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${what}: ${seconds} s, peak of memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
  );
  return result;
}

mkdirSync(folder, { recursive: true });
await timed('write the file', () => pipeline(Readable.from(lines()), createWriteStream(path)));
const print = await timed('checksum and encoding', () => fingerprint(createReadStream(path)));
const metadata = await timed('inspect', () =>
  TEXT_INSPECTORS.csv({
    print,
    announced: { file_type: 'csv', content_type: 'text/csv', filename: 'large.csv' },
    open: async () => createReadStream(path),
    keep: async () => {
      throw new Error('a CSV has no copy');
    },
    checkTime: () => undefined,
  }),
);
const written = await timed('fill in', async () => {
  let bytes = 0;
  const changes = { position: 3, newCell: (row: number) => (row % 3 === 0 ? 'good' : undefined) };
  for await (const part of filledCsv(metadata, createReadStream(path), changes)) bytes += part.length;
  return bytes;
});
const filled = Math.floor(rows / 3) * 'good'.length;
if (written !== print.size + filled)
  throw new Error(`${written} bytes, not ${print.size} and ${filled} of answers`);
console.log(`${print.size} bytes, ${metadata.rows} rows`);
