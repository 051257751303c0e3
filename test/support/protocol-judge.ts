import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Case {
  readonly what: 'request' | 'examples' | 'outcome';
  /** As it travels: JSON, or JSON lines. */
  readonly text: string;
}

/** What the model's parsers say of each case: null, or why it is refused. One Python process for all of them. */
export function judgedByTheModel(cases: readonly Case[]): (string | null)[] {
  const { status, stdout, stderr, error } = spawnSync(`${root}.venv/bin/python`, ['model/tests/judge.py'], {
    cwd: root,
    env: { ...process.env, PYTHONPATH: `${root}model`, PYTHONIOENCODING: 'utf-8' },
    input: cases.map((one) => JSON.stringify(one)).join('\n'),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`the model's parsers did not run: ${stderr}`, { cause: error });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string | null);
}
