import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { KillablePlatform } from '../../scripts/kills/platform.ts';
import { killAgainAndAgain, TASKS_PER_KILL } from '../../scripts/kills/session.ts';
import { mulberry32 } from '../../scripts/shared/random.ts';

const NAME = 'test-kills';

test(
  'a platform killed under load and during training loses no acknowledged write, and every task and run ends',
  async () => {
    const seed = Date.now() % 100_000;
    console.log(`seed ${seed}`);
    const report = await killAgainAndAgain(NAME, {
      kills: 2,
      buyers: 3,
      training: true,
      random: mulberry32(seed),
      say: (line) => {
        console.log(line);
      },
    });
    expect(report.faults).toEqual([]);
    expect(report.tasks).toBeGreaterThanOrEqual(2 * TASKS_PER_KILL);
    expect(Object.values(report.runs).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  },
  20 * 60_000,
);

test(
  'an interrupted start, a second start, and a start on a used port report it and leave nothing behind',
  async () => {
    // The state of the test before: its stacks are deployed.
    const platform = await KillablePlatform.on(NAME);
    for (const ms of [300, 1500, 4000, 8000]) {
      const { code, said } = await platform.run([], ms);
      expect([code, said]).toEqual([0, expect.stringContaining('Stopped')]);
      expect(said).not.toMatch(/Error|\bat .*:\d+:\d+/);
    }
    await platform.start();
    const doubled = await platform.run([]);
    expect([doubled.code, doubled.said]).toEqual([
      1,
      expect.stringMatching(/It is running already, as process \d+/),
    ]);
    await platform.stop();

    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const refused = await platform.run(['--web-port', String(port)]);
    server.close();
    expect([refused.code, refused.said]).toEqual([
      1,
      expect.stringContaining(`Port ${port} (the web application) is in use.`),
    ]);
    expect(refused.said).not.toMatch(/\bat .*:\d+:\d+/);
  },
  10 * 60_000,
);
