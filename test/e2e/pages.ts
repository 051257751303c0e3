import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { inject } from 'vitest';

export const PASSWORD = 'DukeNET-local-1';
export const { webUrl } = inject('platform');

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
export const headerBalance = (page: Page) => page.getByRole('link', { name: /^Wallet: / });
export const sats = (amount: number): string => `${amount.toLocaleString('en-US')} sat`;
const amountIn = (text: string): number => Number(/([\d,]+) sat/.exec(text)?.[1]?.replaceAll(',', ''));

/** A new buyer, who wanted to see `path`. */
export async function register(page: Page, path: string): Promise<string> {
  const email = `e2e-${randomUUID()}@example.com`;
  await page.goto(webUrl + path);
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByRole('heading', { name: 'Create an account' }).waitFor();
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await button(page, 'Create account').click();
  await headerBalance(page).waitFor();
  return email;
}

export async function signIn(page: Page, email: string, path = '/'): Promise<void> {
  await page.goto(webUrl + path);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await button(page, 'Sign in').click();
  await headerBalance(page).waitFor();
}

export const attach = (page: Page, name: string, content: string | Buffer): Promise<void> =>
  page
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });

/** The amount beside a name in a list of facts, or below it on a card. */
export const amountOf = async (page: Page, label: string): Promise<number> =>
  amountIn(await page.getByText(label, { exact: true }).locator('xpath=following-sibling::*[1]').innerText());

/** From the form of a new task, without leaving it. */
export async function depositForTheTask(page: Page, amount: number): Promise<void> {
  await button(page, 'Deposit').click();
  const dialog = page.getByRole('dialog', { name: 'Deposit' });
  await dialog.getByText('this is play money').waitFor();
  await dialog.getByLabel('Amount to deposit').fill(String(amount));
  await dialog.getByRole('button', { name: 'Deposit', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

export async function deposit(page: Page, amount: number): Promise<void> {
  await page.getByLabel('Amount to deposit').fill(String(amount));
  await button(page, 'Deposit').click();
}

/** A small task, typed: two items and two labels. */
export async function typeTask(page: Page, description: string): Promise<void> {
  await page.getByLabel('What should be done?').fill(description);
  await page.getByText('Typed or pasted').click();
  await page.getByLabel('Items, one on each line').fill('A soup of carrots\nThe night train to Rome');
  await page.getByRole('combobox', { name: 'Labels' }).fill('food, travel');
  await page.getByRole('heading', { level: 1 }).click(); // the labels are taken when the field is left
}

/** Waits for the page of the task that was just posted. @returns its price */
export async function posted(page: Page): Promise<number> {
  await page.waitForURL(/\/tasks\/[0-9a-f-]{36}$/);
  await page.getByText('held in escrow').waitFor();
  return amountOf(page, 'Price');
}

/** The column `label` of the file that the page offers. */
export async function downloadedLabels(page: Page): Promise<string[]> {
  const downloading = page.waitForEvent('download');
  await button(page, 'Download').click();
  const file = await downloading;
  const rows: { label: string }[] = parse(await readFile(await file.path()), { columns: true, bom: true });
  return rows.map(({ label }) => label);
}

/** Opens an answer of the review by its place in the task. */
export const openAnswer = (page: Page, place: number): Promise<void> =>
  button(page, `Open item ${place}`).click();

/** Chooses the other of two labels for the first item. */
export async function correctFirst(page: Page, labels: readonly [string, string]): Promise<void> {
  await openAnswer(page, 1);
  const answer = page.getByRole('combobox', { name: 'Answer of item 1', exact: true });
  const other = (await answer.inputValue()) === labels[0] ? labels[1] : labels[0];
  await answer.click();
  await page.getByRole('option', { name: other, exact: true }).click();
}

/** What the dialog asks before a verdict; rated and commented by keyboard. */
export async function confirmVerdict(page: Page, confirm: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: '4' }).press('Space');
  await dialog.getByLabel('Comment (optional)').fill('From the browser.');
  await dialog.getByRole('button', { name: confirm }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** The lines of the statement, newest first: `Food or travel? · 200,000 sat paid | −200,000 sat`. */
export async function statement(page: Page): Promise<string[]> {
  await page.goto(`${webUrl}/wallet`);
  await page.getByRole('table', { name: 'Statement' }).waitFor();
  await page.waitForLoadState('networkidle'); // the names of tasks come one by one
  const rows = await page.getByRole('table', { name: 'Statement' }).getByRole('row').allInnerTexts();
  return rows.slice(1).map((row) =>
    row
      .split(/\s*\t\s*/)
      .slice(1)
      .map((cell) => cell.replaceAll(/\n+/g, ' · '))
      .join(' | '),
  );
}
