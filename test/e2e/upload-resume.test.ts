import type { Browser, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { partCount } from '../../contracts/rules/multipart.ts';
import { wav } from '../support/media/sounds.ts';
import { launch, visit, type Visitor } from './browser.ts';
import { register } from './pages.ts';

/** More than goes in one request. A sound, since its inspection reads a few bytes only. */
const RECORDING = {
  name: 'recording.wav',
  mimeType: 'audio/wav',
  buffer: wav({ samples: Buffer.alloc(LIMITS.singleUpload.value + 1_000_000) }),
};
const PARTS = partCount(RECORDING.buffer.length);
/** Parts that arrive before the connection breaks. */
const PARTS_BEFORE = 2;
/** Ends a wait that hangs; a quiet machine takes seconds. */
const LONG = { timeout: 120_000 };
const isPart = (url: URL): boolean => url.searchParams.has('partNumber');

let browser: Browser;
let visitor: Visitor;

beforeAll(async () => {
  browser = await launch('upload-resume');
});
afterAll(() => browser.close());
beforeEach(async () => {
  visitor = await visit(browser);
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await visitor.shot('failed');
  await visitor.close();
});

it('an upload resumes after a broken connection and a reload, and sends only the missing parts', async () => {
  const { page, shot, faults } = visitor;
  await register(page, '/tasks/new');
  let isBroken = false;
  let passed = 0;
  await page.route(isPart, async (route: Route) => {
    if (route.request().method() !== 'PUT') return route.continue();
    if (isBroken || passed >= PARTS_BEFORE) {
      isBroken = true;
      return route.abort('connectionfailed');
    }
    passed += 1;
    return route.continue();
  });
  const arrived: string[] = [];
  page.on('response', (response) => {
    const url = new URL(response.url());
    if (response.request().method() === 'PUT' && isPart(url) && response.ok())
      arrived.push(url.searchParams.get('partNumber')!);
  });
  const choose = () => page.locator('input[type=file]').setInputFiles(RECORDING);

  await choose();
  await expect.poll(() => arrived.length, LONG).toBe(PARTS_BEFORE);
  await expect.poll(() => isBroken, LONG).toBe(true);
  await shot('broken');

  await page.reload();
  await page.getByText('was interrupted').waitFor(LONG);
  await shot('interrupted');
  isBroken = false;
  passed = Number.NEGATIVE_INFINITY;
  await choose();
  await page.getByText('Ready', { exact: true }).waitFor(LONG);
  await shot('ready');

  expect(PARTS).toBeGreaterThan(PARTS_BEFORE);
  // Each part was sent once: those from before the reload were not sent again.
  expect(arrived.sort()).toEqual(Array.from({ length: PARTS }, (_, i) => String(i + 1)));
  await expect.poll(() => page.getByText('was interrupted').count(), LONG).toBe(0);
  expect(faults).toEqual([]);
});
