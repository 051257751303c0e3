import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Files of packages that load WebAssembly from their own folder, which no bundle can hold. They lie in `node_modules`
 * beside the bundle of the function that needs them. WebAssembly runs on any processor: nothing is built for ARM64.
 */
const PACKAGE_FILES = {
  'wasm-vips': ['package.json', 'lib/vips-node.mjs', 'lib/vips.wasm'],
  '@hyzyla/pdfium': ['package.json', 'dist/index.esm.js', 'dist/pdfium.wasm'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Loaded by `ogg-opus-decoder` to improve speech only, which no function asks for: 3.8 MB. */
const UNUSED_PACKAGE = '@wasm-audio-decoders/opus-ml';

export const UNBUNDLED_PACKAGES: readonly string[] = [...Object.keys(PACKAGE_FILES), UNUSED_PACKAGE];

/** A thread of a function: a bundle of its own, loaded by its name. */
interface WorkerBundle {
  readonly entry: string;
  readonly file: string;
}

interface BesideBundle {
  readonly workers: readonly WorkerBundle[];
  readonly packages: readonly (keyof typeof PACKAGE_FILES)[];
}

/** What functions load from the folder of their bundle, by their handlers. */
const BESIDE: ReadonlyMap<string, BesideBundle> = new Map([
  [
    join(ROOT, 'lambdas/files/preview.handler.ts'),
    {
      workers: [{ entry: join(ROOT, 'lambdas/files/previews/draw-worker.ts'), file: 'draw-worker.mjs' }],
      packages: ['wasm-vips', '@hyzyla/pdfium'],
    },
  ],
]);

export const workersOf = (handler: string): readonly WorkerBundle[] => BESIDE.get(handler)?.workers ?? [];

/** Copies the packages of a function into the folder of its bundle. */
export function copyPackages(handler: string, folder: string): void {
  for (const name of BESIDE.get(handler)?.packages ?? []) {
    for (const file of PACKAGE_FILES[name]) {
      const target = join(folder, 'node_modules', name, file);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(join(ROOT, 'node_modules', name, file), target);
    }
  }
}
