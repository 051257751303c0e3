/**
 * `npm run kills -- --kills 20 --seed 1`: starts a separate platform, kills all its processes at random moments under
 * load, restarts it, and checks that everything it acknowledged is there. Exits with code 1 if something is missing.
 */
import * as z from 'zod';
import { killAgainAndAgain } from './kills/session.ts';
import { commandLine, run, say } from './shared/command-line.ts';
import { mulberry32 } from './shared/random.ts';

const Arguments = z.strictObject({
  kills: z.coerce.number().int().min(1).max(1000).default(10),
  buyers: z.coerce.number().int().min(1).max(50).default(4),
  seed: z.coerce.number().int().min(0).default(1),
  training: z.enum(['yes', 'no']).default('no'),
});

await run(async () => {
  const usage = 'npm run kills -- [--kills 10] [--buyers 4] [--seed 1] [--training yes|no]';
  const { kills, buyers, seed, training } = commandLine(usage, Arguments);
  const report = await killAgainAndAgain('kills', {
    kills,
    buyers,
    training: training === 'yes',
    random: mulberry32(seed),
    say,
  });
  const { tasks, files, verdicts, faults, runs } = report;
  say(
    `${kills} kills: ${tasks} tasks, ${files} files and ${verdicts} verdicts acknowledged, ${faults.length} faults`,
  );
  if (training === 'yes') say(`Training runs: ${JSON.stringify(runs)}`);
  for (const fault of faults) say(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
});
