import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DukeNet } from '../../client/typescript/src/index.ts';
import { allOperations } from '../../contracts/api/routes.ts';
import { ScriptError } from '../shared/command-line.ts';
import { clientProgram } from './environment.ts';
import { summaryOf } from './fuzz-report.ts';
import type { FuzzSummary } from './fuzz-report.ts';

export const FUZZ_ROLES = ['anonymous', 'buyer', 'agent', 'admin'] as const;
export type FuzzRole = (typeof FUZZ_ROLES)[number];

export interface FuzzOptions {
  /** For example `http://localhost:8000`. */
  readonly api: string;
  /** Number of random cases per operation, besides the systematic ones. */
  readonly cases: number;
  readonly seed: number;
  /** Also runs stateful sequences, which use ids from responses in requests: create, read, judge. */
  readonly stateful: boolean;
  /** Only fuzzes the operations that the role may call. Every other request is answered with 401 or 403. */
  readonly permittedOnly: boolean;
  /** Directory of reports and logs. */
  readonly folder: string;
}

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'unsupported_method',
  'allow_header_conformance',
  'ignored_auth',
];
const CONFIG = fileURLToPath(new URL('../../test/clients/schemathesis.toml', import.meta.url));
/** Signing out would end the session of the run, so a separate run does it last. */
const LOGOUT = 'logout';

async function authorization(api: string, role: FuzzRole, password: string): Promise<string[]> {
  if (role === 'anonymous') return [];
  const session = await new DukeNet({ baseUrl: api }).call('login', {
    body: { email: `${role}@dukenet.local`, password },
  });
  return ['--header', `Authorization: Bearer ${session.access_token}`];
}

/** Ids of the operations that a role may call: without an account the public ones, otherwise those of the role. */
export function permittedOperations(role: FuzzRole): string[] {
  return allOperations
    .filter(({ access }) =>
      role === 'anonymous'
        ? access.kind === 'public'
        : access.kind === 'roles' && access.roles[role] !== undefined,
    )
    .map(({ id }) => id);
}

/** One run of Schemathesis. @returns its JSON report @throws ScriptError if it wrote none */
async function schemathesis(name: string, options: FuzzOptions, args: readonly string[]): Promise<unknown> {
  const report = join(options.folder, `${name}.json`);
  const log = join(options.folder, `${name}.log`);
  const document = join(options.folder, 'openapi.json');
  await mkdir(options.folder, { recursive: true });
  await rm(report, { force: true });
  // Given the address of the document instead, it would leave out the operation at that address.
  const served = await fetch(`${options.api}/api/v2/openapi.json`);
  await writeFile(document, await served.text());
  const child = spawn(
    clientProgram('st'),
    [
      ...['--config-file', CONFIG, 'run'],
      document,
      ...['--url', options.api, '--checks', CHECKS.join(','), '--continue-on-failure'],
      ...['--max-examples', String(options.cases), '--seed', String(options.seed)],
      ...['--generation-database', 'none', '--request-timeout', '60', '--no-color'],
      ...['--report', 'json', '--report-json-path', report],
      ...args,
    ],
    // Schemathesis keeps a cache in its working directory.
    { cwd: options.folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const file = createWriteStream(log);
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  await once(child, 'close');
  file.end();
  try {
    return JSON.parse(await readFile(report, 'utf8')) as unknown;
  } catch (cause) {
    throw new ScriptError(`Schemathesis made no report; its log is ${log}.`, { cause });
  }
}

/** Fuzzes the operations as one of the accounts of `npm start`. Failures are in the log. */
export async function fuzzAs(role: FuzzRole, options: FuzzOptions, password: string): Promise<FuzzSummary> {
  const selected = options.permittedOnly ? permittedOperations(role) : allOperations.map(({ id }) => id);
  const run = async (name: string, phases: readonly string[], ids: readonly string[]): Promise<unknown> =>
    schemathesis(name, options, [
      ...(await authorization(options.api, role, password)),
      ...['--phases', phases.join(',')],
      ...ids.flatMap((id) => ['--include-operation-id', id]),
    ]);
  const phases = ['examples', 'coverage', 'fuzzing', ...(options.stateful ? ['stateful'] : [])];
  const main = summaryOf(
    role,
    await run(
      role,
      phases,
      selected.filter((id) => id !== LOGOUT),
    ),
  );
  if (!selected.includes(LOGOUT)) return main;
  const logout = summaryOf(role, await run(`${role}-logout`, ['examples', 'coverage'], [LOGOUT]));
  return {
    role,
    cases: main.cases + logout.cases,
    operations: main.operations + logout.operations,
    serverErrors: main.serverErrors + logout.serverErrors,
    drift: main.drift + logout.drift,
    other: main.other + logout.other,
    failures: [...main.failures, ...logout.failures],
  };
}
