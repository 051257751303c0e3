/** `npm start`: runs the whole marketplace on this machine until Ctrl-C. */
import { startPlatform, type Platform } from './platform.ts';
import { PlatformError } from './process.ts';
import { SettingsError, USAGE, readSettings, type Settings } from './settings.ts';

const PASSWORD = 'DukeNET-local-1';

async function main(settings: Settings): Promise<number> {
  const started = Date.now();
  const say = (line: string): void => {
    console.log(`${`${((Date.now() - started) / 1000).toFixed(1)} s`.padStart(8)}  ${line} …`);
  };
  const stopping = new AbortController();
  const stopRequested = stopOnSignal(stopping);
  const report = (line: string): void => {
    console.log(`  ${line}`);
  };
  let platform: Platform;
  try {
    platform = await startPlatform({ ...settings, signal: stopping.signal, say, report });
  } catch (error) {
    if (stopping.signal.aborted) {
      console.log('Stopped before it was ready.');
      return 0;
    }
    if (!(error instanceof PlatformError)) throw error;
    console.error(`\n${error.message}`);
    return 1;
  }
  console.log(banner(platform, Date.now() - started));
  const death = await Promise.race([stopRequested, platform.died]);
  if (death) console.error(`\n${death}`);
  console.log('Stopping …');
  await platform.stop();
  console.log('Stopped.');
  return death ? 1 : 0;
}

/** Resolves at the first Ctrl-C or SIGTERM; the second one exits at once. */
function stopOnSignal(stopping: AbortController): Promise<undefined> {
  return new Promise((resolve) => {
    const stop = (): void => {
      if (stopping.signal.aborted) {
        console.error('Ended at once.');
        // Remaining children end by themselves once this process is gone.
        process.exit(1);
      }
      console.log('');
      stopping.abort(new Error('Stopped'));
      resolve(undefined);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}

function banner({ webUrl, apiUrl, awsEndpoint, places }: Platform, tookMs: number): string {
  return `
  DukeNET is running (started in ${(tookMs / 1000).toFixed(0)} s)

    Web application   ${webUrl}
    API               ${apiUrl}/api/v2, its reference: ${apiUrl}/docs
    E-mails           ${apiUrl}/outbox (written to ${places.state}/outbox, never sent)
    AWS services      ${awsEndpoint} (emulated, on this machine only)
    Logs              ${places.logs} (of training and evaluation: jobs/)

    Accounts, all with the password ${PASSWORD}
      buyer@dukenet.local   a buyer with play satoshis
      agent@dukenet.local   agent-1
      admin@dukenet.local   an admin

  Everything that was acknowledged is on the disk: a kill loses nothing, a power cut at most the last second.
  All money here is play money from a sandbox; nothing is ever paid.
  Try it: npm run demo (in another terminal). Stop: Ctrl-C. Delete the state and start: npm start -- --reset
`;
}

try {
  const settings = readSettings(process.argv.slice(2), process.env);
  if (settings.help) console.log(USAGE);
  else process.exitCode = await main(settings);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
