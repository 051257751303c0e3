import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import {
  ACCOUNT,
  REGION,
  clients,
  outputsFile,
  stageSettings,
  type Addresses,
  type Places,
} from './environment.ts';
import { replaceFile } from './files.ts';
import { fingerprint, readJson } from './fingerprint.ts';
import { PlatformError, runLogged } from './process.ts';

const DATA = 'DukeNET-local-data';
const APP = 'DukeNET-local-app';
const SOURCES = ['bin', 'lib', 'contracts', 'lambdas', 'cdk.json', 'package-lock.json'];

const Deployed = z.object({ sources: z.string(), data: z.string() });
const Outputs = z.record(z.string(), z.record(z.string(), z.string()));
const stampFile = ({ state }: Places): string => join(state, 'deployed.json');

/** Whether the stacks have been deployed completely before. */
export const wasDeployed = (places: Places): boolean => existsSync(stampFile(places));

export type StackOutputs = Readonly<Record<string, string>>;

/**
 * Brings the stacks of the local stage onto MiniStack, by CDK as on AWS; does nothing when no source has changed.
 *
 * The data stack is deployed once: the emulator empties a table whose properties change, so a changed data template asks for
 * a reset instead.
 * @returns the outputs of both stacks
 */
export async function deploy(
  places: Places,
  where: Addresses,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<StackOutputs> {
  const stamp = stampFile(places);
  const before = Deployed.optional().parse(readJson(stamp));
  const sources = fingerprint(places.root, SOURCES, { where, settings: stageSettings() });
  if (before?.sources === sources && existsSync(outputsFile(places))) {
    say('The stacks are deployed already');
    return flat(readOutputs(places));
  }
  const cdk = commands(places, where, signal);
  say('Building the stacks and functions');
  await cdk.synth();
  const data = dataFingerprint(readJson(join(places.state, 'cdk.out', `${DATA}.template.json`)));
  if (before && before.data !== data)
    throw new PlatformError(
      'What the tables, buckets or accounts look like has changed, and the local platform cannot change them in place.\n' +
        'Start once with: npm start -- --reset   (it forgets all local accounts, tasks, files and models)',
    );
  say(before ? 'Updating the application stack' : 'Deploying the stacks');
  if (!before) await cdk.bootstrap();
  const changed = await cdk.deploy(before ? [APP, '--exclusively'] : ['--all']);
  const outputs = { ...(before ? readOutputs(places) : {}), ...changed };
  replaceFile(outputsFile(places), JSON.stringify(outputs, null, 2));
  replaceFile(stamp, JSON.stringify({ sources, data } satisfies z.infer<typeof Deployed>));
  return flat(outputs);
}

function commands(places: Places, where: Addresses, signal: AbortSignal) {
  const assembly = join(places.state, 'cdk.out');
  // Does not run the app again: deploys the synthesized output.
  const built = ['--app', assembly];
  const run = (what: string, program: string, args: string[]): Promise<void> =>
    runLogged(
      what,
      {
        file: join(places.root, 'node_modules', '.bin', program),
        args,
        cwd: places.root,
        env: clients(places, where),
        log: join(places.logs, `${args[0] ?? program}.log`),
      },
      signal,
    );
  return {
    synth: () => {
      // CDK reuses bundles that it finds there, even if their sources have changed.
      rmSync(assembly, { recursive: true, force: true });
      return run('Building the stacks', 'cdk', [
        'synth',
        '--quiet',
        '-c',
        'stage=local',
        '--output',
        assembly,
      ]);
    },
    bootstrap: () =>
      run('Preparing the deployment', 'cdklocal', ['bootstrap', `aws://${ACCOUNT}/${REGION}`, ...built]),
    deploy: async (stacks: string[]): Promise<z.infer<typeof Outputs>> => {
      const file = join(places.state, 'cdk-outputs.json');
      mkdirSync(places.state, { recursive: true });
      const args = ['deploy', ...stacks, ...built, '--require-approval', 'never', '--outputs-file', file];
      await run('Deploying the stacks', 'cdklocal', args);
      return Outputs.parse(readJson(file));
    },
  };
}

const readOutputs = (places: Places): z.infer<typeof Outputs> => Outputs.parse(readJson(outputsFile(places)));

/** Output names are unique over both stacks. */
const flat = (outputs: z.infer<typeof Outputs>): StackOutputs =>
  Object.assign({}, ...Object.values(outputs)) as StackOutputs;

const Template = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown() })),
});

/**
 * Hash of the stateful resources of a data template. CORS rules are left out: they contain the port of the web
 * application, and the emulator accepts every origin.
 */
export function dataFingerprint(template: unknown): string {
  const { Resources } = Template.parse(template);
  const stateful = Object.entries(Resources)
    .filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata')
    .map(([name, { Type, Properties }]) => {
      const { CorsConfiguration: _, ...rest } = (Properties ?? {}) as Record<string, unknown>;
      return [name, Type, rest];
    });
  return fingerprint('.', [], stateful);
}
