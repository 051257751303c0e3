import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { screensOf } from '../screens/routes.ts';
import { EMAILS, makeWorld, type World } from '../screens/world.ts';
import { axeViolations } from './axe.ts';
import { launch, visit, type Visitor } from './browser.ts';
import { button, headerBalance, signIn, statement, webUrl } from './pages.ts';

/** Filling the platform takes some thirty seconds; a model that has just started loads its encoder first. */
const WORLD_MS = 150_000;
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } as const;
const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: PHONE,
} as const satisfies Record<string, BrowserContextOptions>;
const ROLES = ['nobody', 'buyer', 'agent', 'admin'] as const;

let browser: Browser;
let visitor: Visitor;
let world: World;

beforeAll(async () => {
  browser = await launch('roles');
  world = await makeWorld(inject('platform').apiUrl);
}, WORLD_MS);
afterAll(() => browser.close());
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await visitor.shot(`failed-${task.name.replace(/\W+/g, '-')}`);
  await visitor.close();
});

describe.each(Object.keys(LOOKS) as (keyof typeof LOOKS)[])('on every page in %s', (look) => {
  it.each(ROLES)('has no axe violations for %s', async (role) => {
    visitor = await visit(browser, LOOKS[look]);
    const { page, faults } = visitor;
    if (role !== 'nobody') await signIn(page, EMAILS[role]);
    const found: Record<string, string[]> = {};
    for (const screen of screensOf(world).filter((one) => one.role === role)) {
      await page.goto(webUrl + screen.path);
      await page.getByRole('heading').first().waitFor();
      await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
      const violations = await axeViolations(page);
      if (violations.length > 0) found[screen.name] = violations;
    }
    expect(found).toEqual({});
    expect(faults).toEqual([]);
  });
});

it('an agent submits answers by keyboard and sees the possible earnings', async () => {
  visitor = await visit(browser);
  const { page, faults, shot } = visitor;
  await signIn(page, EMAILS.agent);
  await page.getByRole('heading', { name: 'My queue' }).waitFor();
  await page.getByText('Which colour do the stripes have?').click();
  await button(page, 'Start').click();
  await page.getByText('You have not started yet').waitFor({ state: 'detached' });
  await page.getByRole('img', { name: /\.png$/ }).waitFor();
  await shot('picture');
  await page.keyboard.press('3');
  await page.getByText('Item 2 of 3').waitFor();
  await page.keyboard.press('s');
  await page.getByText('1 of 3 items answered').waitFor();
  await page.reload(); // what is answered, and what is sent of it, is known after a reload
  await page.getByText('1 of 3 items answered').waitFor();
  await page.keyboard.press('n');
  await page.keyboard.press('1');
  await page.getByText('2 of 3 items answered').waitFor();
  await page.keyboard.press('2');
  await button(page, 'Deliver').click();
  await page.getByText(/^Delivered\. You earn up to 1/).waitFor();
  await page.getByRole('link', { name: 'Record' }).click();
  await page.getByRole('table', { name: 'Tasks that I was given' }).getByText('Delivered').first().waitFor();
  await shot('record');
  expect(await statement(page)).toHaveLength(1); // the buyer has not judged it yet
  expect(faults).toEqual([]);
});

it('an administrator credits an account by its e-mail address, and the audit log records it', async () => {
  visitor = await visit(browser);
  const { page, faults, shot } = visitor;
  await signIn(page, EMAILS.admin, '/wallet');
  await page.getByRole('combobox', { name: 'Account' }).fill('buyer');
  await page.getByRole('option', { name: /^buyer@dukenet\.local/ }).click();
  await page.getByLabel('Reason').fill('paid by invoice 7');
  await button(page, 'Credit').click();
  await page.getByText(/^1,000,000 sat credited/).waitFor();
  await page.getByRole('link', { name: 'Marketplace' }).click();
  await page.getByRole('link', { name: 'Audit log' }).click();
  await page.getByText('1,000,000 sat, “paid by invoice 7”').waitFor();
  await shot('audit-log');
  await page.getByRole('link', { name: 'Accounts' }).click();
  await page.getByRole('searchbox').fill('agent@');
  await page.getByRole('cell', { name: /^agent@dukenet\.local/ }).waitFor();
  await page.getByRole('cell', { name: /^buyer@dukenet\.local/ }).waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
});

it('signs out in every tab', async () => {
  visitor = await visit(browser);
  const { page, faults } = visitor;
  await signIn(page, EMAILS.buyer);
  const second = await page.context().newPage();
  await second.goto(`${webUrl}/wallet`);
  await headerBalance(second).waitFor();
  await button(page, 'Account').click();
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  await second.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(faults).toEqual([]);
});
