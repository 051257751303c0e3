import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { chromiumPath } from '../../local/chromium.ts';
import { repository } from '../../local/platform.ts';

const SCREENSHOTS = join(repository, '.local', 'screenshots');
/** Only ends a wait that hangs: under load a request that takes a second can take a minute. */
const PATIENCE_MS = 180_000;

/** Where the screenshots of the test file lie that has launched the browser. */
let screenshots = SCREENSHOTS;

/** Forgets the screenshots that the test file `suite` made before: what is there afterwards is from this run. */
export function launch(suite: string): Promise<Browser> {
  screenshots = join(SCREENSHOTS, suite);
  rmSync(screenshots, { recursive: true, force: true });
  mkdirSync(screenshots, { recursive: true });
  return chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
}

export interface Visitor {
  readonly page: Page;
  /** What a page must never do: throw, or try what its content security policy forbids. */
  readonly faults: string[];
  /** Keeps how the page looks now under `.local/screenshots/<suite>/`. */
  readonly shot: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Somebody with a browser of their own: no cookies, no storage. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  return {
    page,
    faults,
    shot: async (name) => {
      await page.screenshot({ path: join(screenshots, `${name}.png`) });
    },
    close: () => context.close(),
  };
}
