import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { mailTable, sampleMails } from '../../scripts/demo/mails.ts';
import { launch, visit, type Visitor } from './browser.ts';

const PASSWORD = 'DukeNET-local-1';
const EXAMPLES = 24;
const ITEMS = 30;
/** The model has to load its encoder first. */
const WORK_MS = 150_000;

const { webUrl } = inject('platform');
let browser: Browser;
let visitor: Visitor;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  visitor = await visit(browser);
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await visitor.shot(`failed-${context.task.name.slice(0, 40)}`);
  await visitor.close();
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const attach = (page: Page, name: string, content: string | Buffer) =>
  page
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
const headerBalance = (page: Page) => page.getByRole('link', { name: /^Wallet: / });

async function register(page: Page, wanted: string): Promise<string> {
  const email = `e2e-${randomUUID()}@example.com`;
  await page.goto(webUrl + wanted);
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByRole('heading', { name: 'Create an account' }).waitFor();
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await button(page, 'Create account').click();
  await headerBalance(page).waitFor();
  return email;
}

async function signIn(page: Page, email: string, wanted = '/'): Promise<void> {
  await page.goto(webUrl + wanted);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await button(page, 'Sign in').click();
  await headerBalance(page).waitFor();
}

/** What stands beside a name in a list of facts, or below it on a card. */
const satsBelow = async (page: Page, label: string): Promise<string> =>
  (await page.getByText(label, { exact: true }).locator('xpath=following-sibling::*[1]').innerText()).trim();

async function depositFromTheForm(page: Page, amount: string): Promise<void> {
  await button(page, 'Deposit').click();
  const dialog = page.getByRole('dialog', { name: 'Deposit' });
  await dialog.getByText('this is play money').waitFor();
  await dialog.getByLabel('Amount to deposit').fill(amount);
  await dialog.getByRole('button', { name: 'Deposit', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

async function judge(page: Page, verdict: 'Accept' | 'Reject'): Promise<void> {
  await button(page, verdict).click();
  await visitor.shot(`${verdict.toLowerCase()}-dialog`);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: '4' }).check({ force: true });
  await dialog.getByLabel('Comment, if you like').fill('From the browser.');
  await dialog.getByRole('button', { name: verdict === 'Accept' ? 'Accept and pay' : 'Reject' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

const entriesOf = async (page: Page): Promise<string[]> => {
  await page.goto(`${webUrl}/wallet`);
  await page.getByRole('columnheader', { name: 'Amount' }).waitFor();
  const rows = await page.getByRole('row').allInnerTexts();
  return rows.slice(1).map((row) =>
    row
      .split(/\s*\t\s*/)
      .slice(1, 4)
      .join(' | ')
      .replaceAll('\n', ' '),
  );
};

describe('a buyer with a browser', () => {
  it('registers, deposits, posts a table, corrects, accepts, and sees the money move', async () => {
    const { page, shot, faults } = visitor;
    await register(page, '/tasks/new');
    expect(new URL(page.url()).pathname).toBe('/tasks/new'); // where they wanted to go in the first place
    await page.getByLabel('What is to be done?').fill('Decide for each mail whether it is spam or ham.');

    await attach(page, 'mails.csv', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
    await page.getByText('Rejected', { exact: true }).waitFor();
    const reason = await page.getByRole('alert').first().innerText();
    expect(reason).toMatch(/PNG|image|binary|text/i);
    await shot('post-rejected');
    await button(page, 'Remove mails.csv').click();

    await attach(page, 'mails.csv', mailTable(sampleMails(EXAMPLES + ITEMS, 7), EXAMPLES));
    await page.getByText('Ready', { exact: true }).waitFor();
    await page.getByText(`${EXAMPLES} examples to learn from, ${ITEMS} rows to fill in.`).waitFor();
    await page.getByRole('table', { name: 'The first rows' }).waitFor();
    await shot('post-ready');

    await button(page, 'Post the task').click();
    await page.getByText('Not enough satoshis').waitFor();
    await shot('post-not-enough');
    await depositFromTheForm(page, '500000');
    await button(page, 'Post the task').click();

    await page.waitForURL(/\/tasks\/[0-9a-f-]{36}$/);
    await shot('task-posted');
    await expect.poll(() => headerBalance(page).innerText()).toBe('300,000 sat');
    await page.getByRole('heading', { name: 'Result' }).waitFor({ timeout: WORK_MS });
    await page.getByText(`${ITEMS} answers of ${ITEMS}`).waitFor();
    await shot('task-result');

    await button(page, 'Explain item 1').click();
    await page.getByText('Nearest examples').waitFor();
    const answer = page.getByRole('combobox', { name: 'Answer of item 1', exact: true });
    const other = (await answer.inputValue()) === 'spam' ? 'ham' : 'spam';
    await answer.click();
    await page.getByRole('option', { name: other, exact: true }).click();
    await page.getByText('1 answer corrected or refused: 3 %').waitFor();
    await shot('task-corrected');

    await judge(page, 'Accept');
    await page.getByText(/^200,000 sat went to duke-mm on .* 1 correction given\.$/).waitFor();
    await page.getByText('Paid', { exact: true }).waitFor();
    await shot('task-accepted');

    expect(await entriesOf(page)).toEqual([
      'Release | HELD | −200,000 sat',
      'Hold for a task | HELD | +200,000 sat',
      'Hold for a task | BALANCE | −200,000 sat',
      'Deposit | BALANCE | +500,000 sat',
    ]);
    expect(await satsBelow(page, 'Balance')).toBe('300,000 sat');
    expect(await satsBelow(page, 'Held')).toBe('0 sat');
    await shot('wallet');
    expect(faults).toEqual([]);
  });

  it('rejects one answer of four and gets a quarter back', async () => {
    const { page, shot, faults } = visitor;
    await register(page, '/wallet');
    await page.getByLabel('Amount to deposit').fill('200000');
    await button(page, 'Deposit').click();
    await expect.poll(() => headerBalance(page).innerText()).toBe('200,000 sat');

    await page.goto(`${webUrl}/tasks/new`);
    await page.getByLabel('What is to be done?').fill('Is it about food or about travel?');
    await page.getByText('Typed or pasted').click();
    const lines = ['A soup of carrots', 'The night train to Rome', 'Fresh bread', 'A window seat, please'];
    await page.getByLabel('Items, one on each line').fill(lines.join('\n'));
    await page.getByRole('combobox', { name: 'Labels' }).fill('food, travel');
    await button(page, 'Post the task').click();
    await page.getByRole('heading', { name: 'Result' }).waitFor({ timeout: WORK_MS });

    await button(page, 'Refuse item 2').click();
    await page.getByLabel('Reason to refuse item 2').fill('It is about both.');
    await page.getByText('A rejection returns 50,000 sat to you.').waitFor();
    await page.reload(); // a slip of the finger loses no correction
    await page.getByText('1 answer corrected or refused: 25 %').waitFor();
    await judge(page, 'Reject');
    await page.getByText(/^150,000 sat went to duke-mm, 50,000 sat came back to the buyer/).waitFor();
    await shot('task-rejected');
    await expect.poll(() => headerBalance(page).innerText()).toBe('50,000 sat');
    expect(faults).toEqual([]);
  });

  it('stays signed in over a reload and a refused token, and leaves for good', async () => {
    const { page, faults } = visitor;
    const email = await register(page, '/files');
    await page.reload();
    await headerBalance(page).waitFor();

    let spoiled = 0;
    await page.route('**/api/v2/wallet', (route) =>
      (spoiled += 1) === 1
        ? route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer spoiled' } })
        : route.continue(),
    );
    const refreshed = page.waitForResponse(
      (response) => response.url().endsWith('/auth/refresh') && response.ok(),
    );
    await page.getByRole('link', { name: 'Wallet', exact: true }).click();
    await page.getByRole('button', { name: 'Withdraw' }).waitFor();
    await page.goto(`${webUrl}/wallet`);
    await refreshed;
    await page.getByText('yours to spend').waitFor();
    expect(spoiled).toBeGreaterThanOrEqual(2);

    await button(page, 'Account').click();
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto(`${webUrl}/wallet`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();

    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill('Not-the-password-1');
    await button(page, 'Sign in').click();
    await page.getByText('The e-mail or the password is wrong').waitFor();
    await visitor.shot('login-refused');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await button(page, 'Sign in').click();
    await page.getByText('yours to spend').waitFor();
    expect(faults).toEqual([]);
  });
});

it('fits a phone in the dark', async () => {
  await visitor.close();
  visitor = await visit(browser, {
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
    isMobile: true,
    hasTouch: true,
  });
  const { page, shot, faults } = visitor;
  await signIn(page, 'buyer@dukenet.local');
  for (const path of ['tasks', 'tasks/new', 'files', 'wallet', 'profile']) {
    await page.goto(`${webUrl}/${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    await shot(`phone-${path.replace('/', '-')}`);
    expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, 390]);
  }
  await button(page, 'Open the menu').click();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Files' }).click();
  await page.getByRole('heading', { name: 'Files' }).waitFor();
  expect(faults).toEqual([]);
});

it('shows an agent an empty queue, and lets an administrator credit a wallet', async () => {
  const { page, shot } = visitor;
  await signIn(page, 'agent@dukenet.local');
  await page.getByText('Your queue is empty').waitFor();
  await shot('agent-queue');

  await visitor.close();
  visitor = await visit(browser);
  await signIn(visitor.page, 'admin@dukenet.local', '/wallet');
  const admin = visitor.page;
  await admin.getByLabel('User id').fill('not-an-id');
  await admin.getByLabel('Reason').fill('paid by invoice 7');
  await button(admin, 'Credit').click();
  await admin.getByText(/Invalid UUID/i).waitFor();
  await admin.getByLabel('User id').fill(randomUUID());
  await button(admin, 'Credit').click();
  await admin.getByText('Not found', { exact: true }).waitFor();
  await visitor.shot('admin-wallet');
});
