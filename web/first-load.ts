/**
 * `npm run web:size`: how much JavaScript the login page loads, gzip- and brotli-compressed, after a build.
 * Fails above the budget of docs: 200 KB.
 */
import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const BUDGET_KB = 200;
const DIST = `${import.meta.dirname}/dist`;
/** The page itself, and the routes that are loaded as soon as nobody is signed in. */
const FIRST = /^index\.html$|routes\/_auth(\.login)?\.tsx\?tsr-split/;

interface Chunk {
  file: string;
  imports?: string[];
}
const manifest = JSON.parse(readFileSync(`${DIST}/.vite/manifest.json`, 'utf8')) as Record<string, Chunk>;

function closure(keys: string[], seen = new Set<string>()): Set<string> {
  for (const key of keys) {
    if (seen.has(key)) continue;
    seen.add(key);
    closure(manifest[key]?.imports ?? [], seen);
  }
  return seen;
}

const roots = Object.keys(manifest).filter((key) => FIRST.test(key));
if (roots.length !== 3)
  throw new Error(`expected the page and two routes in the manifest, found: ${roots.join(', ')}`);
const files = [...closure(roots)]
  .map((key) => manifest[key]?.file ?? key)
  .filter((file) => file.endsWith('.js'));
const sources = [...new Set(files)].map((file) => readFileSync(`${DIST}/${file}`));
const kilobytes = (compress: (source: Buffer) => Buffer) =>
  sources.reduce((sum, source) => sum + compress(source).length, 0) / 1024;

const gzip = kilobytes((source) => gzipSync(source, { level: 9 }));
const brotli = kilobytes((source) => brotliCompressSync(source));
const line = `login route: ${sources.length} chunks, ${gzip.toFixed(1)} KB gzip, ${brotli.toFixed(1)} KB brotli`;
process.stdout.write(`${line} of JavaScript (budget ${BUDGET_KB} KB)\n`);
if (gzip > BUDGET_KB) process.exitCode = 1;
