import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/**
 * A secret from the terminal without showing it, or the first line of what is piped in. Never an argument: those are
 * seen by everybody on the machine and kept by the shell.
 */
export async function askSecret(question: string): Promise<string> {
  const { stdin, stderr } = process;
  if (stdin.isTTY) stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silent, terminal: stdin.isTTY });
  try {
    const closed = once(lines, 'close').then(() => '');
    return await Promise.race([lines.question(''), closed]);
  } finally {
    lines.close();
    if (stdin.isTTY) stderr.write('\n');
  }
}
