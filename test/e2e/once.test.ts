import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launch, visit, type Visitor } from './browser.ts';
import {
  button,
  deposit,
  headerBalance,
  posted,
  register,
  sats,
  statement,
  typeTask,
  webUrl,
} from './pages.ts';

const CREATE = '**/api/v2/tasks/create';
const FUNDS = 900_000;

let browser: Browser;
let visitor: Visitor;

beforeAll(async () => {
  browser = await launch('once');
});
afterAll(() => browser.close());
beforeEach(async () => {
  visitor = await visit(browser);
  await register(visitor.page, '/wallet');
  await deposit(visitor.page, FUNDS);
  await expect.poll(() => headerBalance(visitor.page).innerText()).toBe(sats(FUNDS));
  await visitor.page.goto(`${webUrl}/tasks/new`);
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await visitor.shot(`failed-${task.name.replace(/\W+/g, '-')}`);
  await visitor.close();
});

const holds = async () => (await statement(visitor.page)).filter((line) => !line.startsWith('Deposit'));

it('posts one task for a double click on a slow network', async () => {
  const { page, shot, faults } = visitor;
  await typeTask(page, 'Is it about food or about travel?');
  await page.getByText('Price of one item').waitFor();
  await shot('post-typed');
  await page.route(CREATE, async (route) => {
    const answer = await route.fetch();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await route.fulfill({ response: answer });
  });
  await button(page, 'Post the task').dblclick();
  await posted(page);
  expect(await holds()).toHaveLength(1);
  expect(faults).toEqual([]);
});

it('finds the posted task after the connection broke before the response', async () => {
  const { page, faults } = visitor;
  await typeTask(page, 'Is it about food or about travel?');
  let broken = 0;
  await page.route(CREATE, async (route) => {
    if ((broken += 1) > 1) return route.continue();
    await route.fetch(); // it arrives, its answer does not
    await route.abort('connectionreset');
  });
  await button(page, 'Post the task').click();
  await posted(page);
  expect(broken).toBe(2);
  expect(await holds()).toHaveLength(1);
  expect(faults).toEqual([]);
});

it('keeps a draft over a reload, shares it with a second tab, and posts it once from both', async () => {
  const { page, faults } = visitor;
  await typeTask(page, 'Is it about food or about travel?');
  await page.reload();
  const description = page.getByLabel('What should be done?');
  await expect.poll(() => description.inputValue()).toBe('Is it about food or about travel?');

  const second = await page.context().newPage();
  await second.goto(`${webUrl}/tasks/new`);
  const there = second.getByLabel('What should be done?');
  await expect.poll(() => there.inputValue()).toBe('Is it about food or about travel?');
  await there.fill('Food or travel?');
  await expect.poll(() => description.inputValue()).toBe('Food or travel?');
  await button(second, 'Post the task').click();
  await posted(second);
  await page.getByText('This task was posted in another tab').waitFor();
  expect(await holds()).toHaveLength(1);
  expect(faults).toEqual([]);
});
