import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/**
 * Reads a secret from the terminal without echo, or the first line of piped input. Never from an argument, which
 * other users of the machine can see and the shell stores.
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
