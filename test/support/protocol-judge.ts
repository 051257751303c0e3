import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ModelMessage } from '../../scripts/model-contract/messages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Case {
  /** What it is sent as, or the name of a message of the contract. */
  readonly what: 'request' | 'examples' | 'outcome' | ModelMessage;
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
