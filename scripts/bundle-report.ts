/**
 * Builds every function as a deployment does, and prints its size and the time its module takes to load in a fresh
 * process. Fails if a bundle exceeds its limit. `--why` lists the contents of each.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Metafile } from 'esbuild';
import type * as z from 'zod';
import { bundle, MAX_BUNDLE_BYTES } from '../lib/shared/bundle.ts';
import { allHandlers, envSchemaOf } from './shared/handlers.ts';
import type { Handler } from './shared/handlers.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const KB = 1000;
const GOAL = { bytes: 450 * KB, loadMs: 70 };
const RUNS = 7;

interface Bundle {
  readonly name: string;
  readonly bytes: number;
  /** Median and fastest; on a busy machine the fastest is nearer to the truth. */
  readonly loadMs: number;
  readonly fastestMs: number;
  readonly parts: readonly (readonly [name: string, bytes: number])[];
}

/** A value for each variable that the handler reads: the first candidate that its schema accepts. Some texts are JSON objects. */
async function environmentOf(handler: Handler): Promise<Record<string, string>> {
  const schema = await envSchemaOf(handler);
  const candidates = ['{}', 'http://127.0.0.1:1', '1', 'true', 'INFO', 'sandbox', '02:30', 'tiny'];
  const values = Object.entries(schema.shape).map(([name, piece]) => {
    const value = candidates.find((candidate) => (piece as z.ZodType).safeParse(candidate).success);
    if (value === undefined)
      throw new Error(`No value for ${name} of ${handler.name}: add one to the candidates`);
    return [name, value];
  });
  const sdk = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' };
  return { ...(Object.fromEntries(values) as Record<string, string>), ...sdk };
}

/** Milliseconds from asking for the module until it has run, without the start of Node itself, in fresh processes. */
function loadTimes(file: string, env: Record<string, string>): { loadMs: number; fastestMs: number } {
  const program =
    'const t=performance.now();await import(process.argv[1]);process.stdout.write(String(performance.now()-t));process.exit(0)';
  const args = ['--input-type=module', '-e', program, pathToFileURL(file).href];
  const times = Array.from({ length: RUNS }, () =>
    Number(execFileSync(process.execPath, args, { env, encoding: 'utf8' })),
  ).sort((a, b) => a - b);
  return { loadMs: times[Math.floor(RUNS / 2)] ?? Number.NaN, fastestMs: times[0] ?? Number.NaN };
}

/** Bytes by package (or own folder), largest first. */
function partsOf(meta: Metafile): [string, number][] {
  const bytes = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.values(meta.outputs).flatMap((o) =>
    Object.entries(o.inputs),
  )) {
    const name =
      /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path.split('/').slice(0, 2).join('/');
    bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
  }
  return [...bytes].sort(([, a], [, b]) => b - a);
}

async function measure(handler: Handler, folder: string): Promise<Bundle> {
  const { name } = handler;
  const file = join(folder, `${name.replace('/', '-')}.mjs`);
  const meta = await bundle(join(ROOT, handler.file), file);
  const times = loadTimes(file, await environmentOf(handler));
  return { name, bytes: statSync(file).size, ...times, parts: partsOf(meta) };
}

const { values: options } = parseArgs({ options: { why: { type: 'boolean', default: false } } });
const folder = mkdtempSync(join(tmpdir(), 'dukenet-bundles-'));
try {
  const handlers = allHandlers();
  if (handlers.length === 0) throw new Error('There are no handlers');
  console.log(
    `function            KB   load ms  fastest   (goal ${GOAL.bytes / KB} KB, ${GOAL.loadMs} ms; limit ${MAX_BUNDLE_BYTES / KB} KB)`,
  );
  for (const handler of handlers) {
    const { name, bytes, loadMs, fastestMs, parts } = await measure(handler, folder);
    const remarks = [
      ...(bytes > MAX_BUNDLE_BYTES
        ? ['OVER THE LIMIT']
        : bytes > GOAL.bytes
          ? ['over the goal in size']
          : []),
      ...(loadMs > GOAL.loadMs ? ['over the goal in time'] : []),
    ];
    console.log(
      `${name.padEnd(17)} ${(bytes / KB).toFixed(0).padStart(4)} ${loadMs.toFixed(0).padStart(9)} ${fastestMs.toFixed(0).padStart(8)}   ${remarks.join(', ')}`,
    );
    if (options.why)
      for (const [part, size] of parts.slice(0, 12))
        console.log(`    ${(size / KB).toFixed(1).padStart(7)}  ${part}`);
    if (bytes > MAX_BUNDLE_BYTES) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
