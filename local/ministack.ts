import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ACCOUNT, REGION, machine, pythonOf, type Places } from './environment.ts';
import { DISK_FULL, PlatformError, endProcess, spawnLogged, tail } from './process.ts';

export interface MiniStack {
  readonly pid: number;
  /** Resolves with the reason if it ends unexpectedly. */
  readonly died: Promise<string>;
  /** Stops it. */
  stop(): Promise<void>;
}

const START_SECONDS = 60;
/** Grace period for running requests and functions; after a kill, everything acknowledged is still stored. */
const STOP_SECONDS = 30;
/** Defined by `local/ministack/journal/recorder.py`. */
const EXIT_DISK_FULL = 28;

/** The journal of acknowledged calls, as `local/ministack/journal` writes it. */
export const journalFolder = ({ state }: Places): string => join(state, 'ministack', 'journal');

/**
 * Starts MiniStack and waits until it answers.
 * @param extra settings of MiniStack's own, for tests
 * @throws PlatformError with the end of its log
 */
export async function startMiniStack(
  places: Places,
  port: number,
  signal: AbortSignal,
  extra: Readonly<Record<string, string>> = {},
): Promise<MiniStack> {
  const log = join(places.logs, 'ministack.log');
  const scratch = join(places.state, 'tmp');
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  // MiniStack unpacks functions there; without this file they would inherit `"type": "module"` from the repository.
  writeFileSync(join(scratch, 'package.json'), '{"type":"commonjs"}\n');
  const child = spawnLogged(
    {
      file: pythonOf(places.root),
      args: [join(places.root, 'local', 'leash.py'), 'launcher'],
      cwd: join(places.root, 'local', 'ministack'),
      env: { ...machine(places), ...settings(places, port, scratch), ...extra },
      log,
    },
    'w',
  );
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', (code, by) => {
      resolve(code === EXIT_DISK_FULL ? DISK_FULL : by ? `ended by ${by}` : `exit code ${code}`);
    });
  });
  const stop = (): Promise<void> => endProcess(child, { graceMs: STOP_SECONDS * 1000 });

  const failed = await Promise.race([ended, answers(port, signal)]);
  if (failed !== undefined) {
    await stop();
    signal.throwIfAborted();
    throw new PlatformError(explain('did not start', failed, log));
  }
  return {
    pid: child.pid ?? 0,
    died: ended.then((reason) => explain('died', reason, log)),
    stop,
  };
}

/** A full disk is reported without the log. */
const explain = (what: string, reason: string, log: string): string =>
  reason === DISK_FULL ? reason : `The local AWS services ${what} (${reason}).\n${tail(log)}`;

function settings({ state }: Places, port: number, scratch: string): Record<string, string> {
  return {
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    MINISTACK_REGION: REGION,
    MINISTACK_ACCOUNT_ID: ACCOUNT,
    PERSIST_STATE: '1',
    STATE_DIR: join(state, 'ministack'),
    S3_PERSIST: '1',
    S3_DATA_DIR: join(state, 's3'),
    TMPDIR: scratch,
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    LOG_LEVEL: 'INFO',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',
  };
}

/**
 * @returns undefined once it answers, else the reason after the timeout
 */
async function answers(port: number, signal: AbortSignal): Promise<string | undefined> {
  const until = Date.now() + START_SECONDS * 1000;
  while (Date.now() < until && !signal.aborted) {
    try {
      const { ok } = await fetch(`http://127.0.0.1:${port}/_ministack/health`, {
        signal: AbortSignal.timeout(2000),
      });
      if (ok) return undefined;
    } catch {
      // Not listening yet: retried until the timeout.
    }
    await pause(100);
  }
  return signal.aborted ? 'stopped' : `no answer within ${START_SECONDS} s`;
}
