/**
 * `run.ts make <folder>` writes the files. `run.ts inspect <folder>` inspects them, in a process that did not make them, and
 * prints outcome, milliseconds of processor time and the peak of memory as JSON.
 */
import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KIND_OF_MEDIA_TYPE } from '../../../contracts/rules/file-kinds.ts';
import { ARCHIVE_INSPECTORS } from '../../../lambdas/files/archive-inspectors.ts';
import { fingerprint } from '../../../lambdas/files/fingerprint.ts';
import { MEDIA_INSPECTORS } from '../../../lambdas/files/media-inspectors.ts';
import { TEXT_INSPECTORS } from '../../../lambdas/files/text-inspectors.ts';
import type { AnyInspector } from '../../../lambdas/files/upload.ts';
import { sha256 } from '../../../lambdas/shared/ids.ts';
import { Unreadable } from '../../../lambdas/shared/tables/unreadable.ts';
import { HOSTILE } from './files.ts';
import { GOOD } from './good.ts';
import type { HostileFile } from './hostile-file.ts';

const inspectors: Readonly<Record<string, AnyInspector>> = {
  ...TEXT_INSPECTORS,
  ...MEDIA_INSPECTORS,
  ...ARCHIVE_INSPECTORS,
};

export interface Outcome {
  readonly name: string;
  /** Why it was rejected; undefined if it was accepted. */
  readonly reason?: string | undefined;
  /** Processor time: that of the clock would depend on what else the machine does. */
  readonly ms: number;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function outcomeOf({ name, type, filename }: HostileFile, path: string): Promise<Outcome> {
  const started = processorMs();
  const file_type = KIND_OF_MEDIA_TYPE[type];
  const upload = {
    print: await fingerprint(createReadStream(path)),
    announced: { file_type, content_type: type, filename },
    open: async () => createReadStream(path),
    keep: async (body: Uint8Array) => ({ sha256: sha256(body), size_bytes: body.length }),
    checkTime: () => undefined,
  };
  try {
    await inspectors[file_type]!(upload);
    return { name, ms: processorMs() - started };
  } catch (error) {
    if (!(error instanceof Unreadable))
      throw new Error(`${name} is not rejected but fails`, { cause: error });
    return { name, reason: error.message, ms: processorMs() - started };
  }
}

const good = GOOD.map(([name, type, ending, bytes]) => ({ name, type, filename: `a.${ending}`, bytes }));
const files = { good, hostile: HOSTILE };
const [mode, folder = ''] = process.argv.slice(2);
const outcomes: Record<string, Outcome[]> = {};
for (const [kind, some] of Object.entries(files)) {
  outcomes[kind] = [];
  for (const [i, file] of some.entries()) {
    const path = join(folder, `${kind}-${i}`);
    if (mode === 'make') writeFileSync(path, file.bytes());
    else outcomes[kind].push(await outcomeOf(file, path));
  }
}
const peakMb = process.resourceUsage().maxRSS / 1024;
if (mode === 'inspect') process.stdout.write(JSON.stringify({ ...outcomes, peakMb }));
