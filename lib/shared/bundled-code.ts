import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType } from 'aws-cdk-lib';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { copyPackages, workersOf } from './beside-bundles.ts';

const BUNDLER = fileURLToPath(new URL('bundle.ts', import.meta.url));
const LAMBDAS = fileURLToPath(new URL('../../lambdas', import.meta.url));

/** The bundle of a handler as the code of a function, named by its content. */
export const bundledCode = (entry: string): Code =>
  Code.fromAsset(dirname(entry), {
    // The asset hash is that of the bundle: the hash of the handler's folder would not change with imports from
    // elsewhere.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: Runtime.NODEJS_24_X.bundlingImage, // Never used: the line below always succeeds or throws.
      local: {
        tryBundle: (folder) => {
          copyFileSync(bundleOf(entry), join(folder, 'index.mjs'));
          for (const worker of workersOf(entry))
            copyFileSync(bundleOf(worker.entry), join(folder, worker.file));
          copyPackages(entry, folder);
          return true;
        },
      },
      command: [entry], // Tells CDK's cache one handler of a folder from another.
    },
  });

/** Bundles of all handlers by their path, built when the first function of a process is created. */
let bundles: ReadonlyMap<string, string> | undefined;

/**
 * The bundle of a handler. All handlers are bundled in one process, since starting one per handler would take most of
 * the time.
 */
function bundleOf(entry: string): string {
  bundles ??= bundleAll(globSync('**/*.handler.ts', { cwd: LAMBDAS }).map((path) => join(LAMBDAS, path)));
  return bundles.get(entry) ?? bundleAll([entry]).get(entry)!;
}

/** CDK asks for code synchronously, and esbuild with plugins is asynchronous, hence the process. */
function bundleAll(entries: readonly string[]): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'dukenet-bundles-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  execFileSync(process.execPath, [BUNDLER, folder, ...entries], { stdio: 'inherit' });
  return new Map(entries.map((entry, i) => [entry, join(folder, `${i}.mjs`)]));
}
