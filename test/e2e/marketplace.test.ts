import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mailTable, sampleMails } from '../../scripts/demo/mails.ts';
import { launch, visit, type Visitor } from './browser.ts';
import {
  amountOf,
  attach,
  button,
  confirmVerdict,
  correctFirst,
  deposit,
  depositForTheTask,
  downloadedLabels,
  headerBalance,
  openAnswer,
  PASSWORD,
  posted,
  register,
  sats,
  signIn,
  statement,
  webUrl,
} from './pages.ts';

const EXAMPLES = 24;
const ITEMS = 30;
const PICTURE = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
/** A model that has just started loads its encoder first. */
const WORK_MS = 150_000;

let browser: Browser;
let visitor: Visitor;

beforeAll(async () => {
  browser = await launch('marketplace');
});
afterAll(() => browser.close());
beforeEach(async () => {
  visitor = await visit(browser);
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await visitor.shot(`failed-${task.name.replace(/\W+/g, '-')}`);
  await visitor.close();
});

describe('a buyer with a browser', () => {
  it('registers, deposits, posts a table, corrects an answer, accepts, and sees the payment', async () => {
    const { page, shot, faults } = visitor;
    await register(page, '/tasks/new');
    expect(new URL(page.url()).pathname).toBe('/tasks/new'); // where they wanted to go in the first place
    await page.getByLabel('What should be done?').fill('Decide for each mail whether it is spam or ham.');
    await attach(page, 'mails.csv', mailTable(sampleMails(EXAMPLES + ITEMS, 7), EXAMPLES));
    await page.getByText(`${EXAMPLES} examples to learn from, ${ITEMS} rows to fill in.`).waitFor();
    await page.getByRole('table', { name: 'The first rows' }).waitFor();
    await shot('post-ready');

    await button(page, 'Post the task').click();
    await page.getByText('Not enough satoshis').waitFor();
    await shot('post-not-enough');
    await depositForTheTask(page, 500_000);
    await button(page, 'Post the task').click();
    const price = await posted(page);
    await shot('task-posted');
    await expect.poll(() => headerBalance(page).innerText()).toBe(sats(500_000 - price));

    await page.getByRole('heading', { name: 'Result' }).waitFor({ timeout: WORK_MS });
    await page.getByText(`${ITEMS} answers of ${ITEMS}`).waitFor();
    await shot('task-result');
    const filledIn = Array(EXAMPLES + ITEMS).fill(expect.stringMatching(/^(ham|spam)$/));
    expect(await downloadedLabels(page)).toEqual(filledIn);
    await openAnswer(page, 1);
    await page.getByText('How probable each answer is').waitFor();
    await shot('task-explained');
    await correctFirst(page, ['ham', 'spam']);
    await page.getByText('1 answer corrected or refused: 3 %').waitFor();
    await button(page, 'Accept').click();
    await shot('accept-dialog');
    await confirmVerdict(page, 'Accept and pay');
    await page
      .getByText(new RegExp(`^${sats(price)} went to duke-mm on .* 1 correction given\\.$`))
      .waitFor();
    await shot('task-accepted');

    expect(await statement(page)).toEqual([
      `Decide for each mail whether it is spam or ham. · ${sats(price)} paid | −${sats(price)}`,
      'Deposit | +500,000 sat',
    ]);
    expect([await amountOf(page, 'Balance'), await amountOf(page, 'Held')]).toEqual([500_000 - price, 0]);
    await shot('wallet');
    expect(faults).toEqual([]);
  });

  it('shows why a picture named .csv is rejected, and that a task needs data', async () => {
    const { page, shot, faults } = visitor;
    await register(page, '/tasks/new');
    await attach(page, 'mails.csv', PICTURE);
    await page.getByText('Rejected', { exact: true }).waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('PNG');
    await shot('post-rejected');
    await button(page, 'Post the task').click();
    await page.getByText('Add at least one file').waitFor();
    await page.getByText('Say what should be done').waitFor();
    await shot('post-incomplete');
    expect(faults).toEqual([]);
  });

  it('refunds a quarter of the price when one of four answers is rejected', async () => {
    const { page, shot, faults } = visitor;
    await register(page, '/wallet');
    await deposit(page, 200_000);
    await expect.poll(() => headerBalance(page).innerText()).toBe('200,000 sat');

    await page.getByRole('link', { name: 'Tasks', exact: true }).click();
    await page.getByText('Post your first task').waitFor();
    await page.getByRole('link', { name: 'Post a task' }).first().click();
    await page.getByLabel('What should be done?').fill('Is it about food or about travel?');
    await page.getByText('Typed or pasted').click();
    const lines = ['A soup of carrots', 'The night train to Rome', 'Fresh bread', 'A window seat, please'];
    await page.getByLabel('Items, one on each line').fill(lines.join('\n'));
    await page.getByRole('combobox', { name: 'Labels' }).fill('food, travel');
    await button(page, 'Post the task').click();
    const price = await posted(page);
    await page.getByRole('heading', { name: 'Result' }).waitFor({ timeout: WORK_MS });

    await openAnswer(page, 2);
    await button(page, 'Refuse item 2').click();
    await page.getByLabel('Reason to refuse item 2').fill('It is about both.');
    const refund = Math.floor(price / 4);
    await page.getByText(`A rejection returns ${sats(refund)} to you.`).waitFor();
    await page.reload(); // a slip of the finger loses no correction
    await page.getByText('1 answer corrected or refused: 25 %').waitFor();
    await button(page, 'Reject').click();
    await shot('reject-dialog');
    await confirmVerdict(page, 'Reject');
    await page.getByText(`${sats(refund)} came back to the buyer`).waitFor();
    await shot('task-rejected');
    await expect.poll(() => headerBalance(page).innerText()).toBe(sats(200_000 - price + refund));
    expect(faults).toEqual([]);
  });
});

describe('a session', () => {
  it('survives a reload and an expired access token', async () => {
    const { page, faults } = visitor;
    await register(page, '/wallet');
    await page.reload();
    await headerBalance(page).waitFor();

    const spoil = { authorization: 'Bearer spoiled' };
    const refreshed = page.waitForResponse((response) => response.url().endsWith('/auth/refresh'));
    await page.route(
      '**/api/v2/wallet',
      (route) => route.continue({ headers: { ...route.request().headers(), ...spoil } }),
      { times: 1 },
    );
    await deposit(page, 1234);
    expect((await refreshed).status()).toBe(200);
    await expect.poll(() => headerBalance(page).innerText()).toBe('1,234 sat');
    expect(faults).toEqual([]);
  });

  it('cannot be restored after sign-out, and needs the right password to start', async () => {
    const { page, shot, faults } = visitor;
    const email = await register(page, '/files');
    await button(page, 'Account').click();
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(new URL(page.url()).search).toBe('');
    await page.goto(`${webUrl}/wallet`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();

    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill('Not-the-password-1');
    await button(page, 'Sign in').click();
    await page.getByText('The e-mail or the password is wrong').waitFor();
    await shot('login-refused');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await button(page, 'Sign in').click();
    await page.getByText('available to spend').waitFor();
    expect(faults).toEqual([]);
  });
});

it('fits a phone screen in dark mode', async () => {
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
