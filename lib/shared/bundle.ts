import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Metafile, Plugin } from 'esbuild';
import { UNBUNDLED_PACKAGES } from './beside-bundles.ts';
import { undocumentedContracts } from './without-documentation.ts';

const HERE = fileURLToPath(import.meta.url);
const standIn = (name: string): string => join(dirname(HERE), 'stand-ins', `${name}.ts`);

/** Unused parts of dependencies and their replacements; each stand-in gives the reason. */
const STAND_INS = {
  '@aws-sdk/credential-provider-node': standIn('credential-provider'),
  '@aws-lambda-powertools/jmespath': standIn('jmespath'),
  '@aws-lambda-powertools/jmespath/functions': standIn('jmespath'),
  debug: standIn('debug'),
  '@smithy/core/event-streams': standIn('event-streams'),
};

/** Some CommonJS dependencies call `require`, which ES modules lack. */
const REQUIRE_BANNER =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/**
 * The SDK describes each operation of a service by arrays whose keys are computed from string constants (`[_hP]: 1`).
 * To esbuild a computed key may have an effect, so it keeps all operations of S3 for the three that are used. With the
 * constants written in place it drops the others: 57 KB in each function that touches S3.
 */
const constantKeys: Plugin = {
  name: 'constant-keys-of-sdk-schemas',
  setup: (esbuild) => {
    esbuild.onLoad(
      { filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]\w+\.js$/ },
      ({ path }) => {
        const source = readFileSync(path, 'utf8');
        const constants = new Map(
          [...source.matchAll(/^const (\w+) = ("[^"]*");$/gm)].map(([, name, value]) => [name, value]),
        );
        return {
          loader: 'js',
          contents: source.replace(/\[(\w+)\]:/g, (key, name: string) =>
            constants.has(name) ? `${constants.get(name)}:` : key,
          ),
        };
      },
    );
  },
};

/** The SDK clients import their whole package.json for a version string: 2 KB each. */
const versionOnly: Plugin = {
  name: 'version-of-sdk-packages',
  setup: (esbuild) => {
    esbuild.onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
      return { loader: 'json', contents: JSON.stringify({ version }) };
    });
  },
};

/** Checksums in JavaScript for runtimes without `node:crypto` and `zlib.crc32`, which ours has: 3 KB each. */
const nativeChecksums: Plugin = {
  name: 'checksums-of-node',
  setup: (esbuild) => {
    esbuild.onLoad({ filter: /node_modules[\\/]yauzl[\\/]crc32\.js$/ }, () => ({
      contents: "module.exports = () => { throw new Error('Node has zlib.crc32'); };",
    }));
    esbuild.onLoad(
      { filter: /[\\/]checksums?[\\/](?:.*[\\/])?sha(?:1|256)[\\/]Sha(?:1|256)Js\.js$/ },
      ({ path }) => ({
        contents: `export class ${basename(path, '.js')} { constructor() { throw new Error('Node has node:crypto'); } }`,
      }),
    );
  },
};

const PLUGINS = [constantKeys, versionOnly, nativeChecksums];

/** The function that bundles this module serves the API document, which needs the documentation of the contracts. */
const API_DOCUMENT = 'contracts/api/openapi.ts';

/** Size limit of a function's bundle: about 7 ms of a cold start per 100 KB (docs/adr/0007). */
export const MAX_BUNDLE_BYTES = 600_000;

/** Bundles a handler and its imports into one minified ES module. Figures: docs/adr/0007. */
export async function bundle(entry: string, outfile: string): Promise<Metafile> {
  const metafile = await bundleWith(entry, outfile, [...PLUGINS, undocumentedContracts]);
  const servesDocument = Object.keys(metafile.inputs).some((input) => input.endsWith(API_DOCUMENT));
  return servesDocument ? bundleWith(entry, outfile, PLUGINS) : metafile;
}

async function bundleWith(entry: string, outfile: string, plugins: Plugin[]): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    // Escaped (`\\u0441`) the tables of encodings would be twice as long.
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    alias: STAND_INS,
    external: [...UNBUNDLED_PACKAGES],
    plugins,
    banner: { js: REQUIRE_BANNER },
  });
  return metafile;
}

/** `bundle.ts <folder> <handler> …`: bundles the handlers into `<folder>/0.mjs`, `1.mjs` … in their order. */
if (import.meta.main) {
  const [folder, ...entries] = process.argv.slice(2);
  if (!folder || entries.length === 0) throw new Error('Usage: bundle.ts <folder> <handler> …');
  await Promise.all(entries.map((entry, i) => bundle(entry, join(folder, `${i}.mjs`))));
}
