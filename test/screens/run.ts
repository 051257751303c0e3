/**
 * `npm run screens`: pictures of every page for docs/screens, in light and dark, on a desktop and on a phone. It needs a
 * platform that was just begun with `npm start -- --reset`, which it fills with tasks, and Chromium.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright-core';
import { chromiumPath } from '../../local/chromium.ts';
import { EMAILS, makeWorld, PASSWORD, type World } from './world.ts';
import { screensOf, type Screen } from './routes.ts';

const { values: options } = parseArgs({
  options: {
    web: { type: 'string', default: 'http://localhost:3001' },
    api: { type: 'string', default: 'http://localhost:8000' },
    out: { type: 'string', default: 'docs/screens' },
    /** A file that remembers what the platform was filled with, to photograph it again. */
    world: { type: 'string' },
    /** Only screens whose `<role>-<name>` matches. */
    only: { type: 'string', default: '' },
    looks: { type: 'string', default: 'light,dark,phone' },
  },
});

const LOOKS = {
  light: { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', isMobile: true, hasTouch: true },
} as const;
const QUALITY = 0.6;

async function worldOfPlatform(): Promise<World> {
  if (options.world !== undefined) {
    try {
      return JSON.parse(readFileSync(options.world, 'utf8')) as World;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  const world = await makeWorld(options.api);
  if (options.world !== undefined) writeFileSync(options.world, JSON.stringify(world));
  return world;
}

/** Chromium takes PNG and JPEG pictures of a page; a page of its own writes them as WebP, a fifth of the size. */
async function webp(converter: Page, picture: Buffer): Promise<Buffer> {
  const url = await converter.evaluate(
    `(async () => {
      const image = await createImageBitmap(await (await fetch('data:image/png;base64,${picture.toString('base64')}')).blob());
      const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
      canvas.getContext('2d').drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', ${QUALITY});
    })()`,
  );
  return Buffer.from(String(url).split(',')[1]!, 'base64');
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto(`${options.web}/login`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page
    .getByRole('link', { name: /^Wallet/ })
    .first()
    .waitFor();
}

async function photograph(browser: Browser, look: keyof typeof LOOKS, screens: readonly Screen[]) {
  const converter = await browser.newPage();
  for (const role of new Set(screens.map((screen) => screen.role))) {
    const context = await browser.newContext(LOOKS[look]);
    const page = await context.newPage();
    if (role !== 'nobody') await signIn(page, EMAILS[role]);
    for (const { name, path, shows } of screens.filter((screen) => screen.role === role)) {
      await page.goto(options.web + path);
      await page
        .getByRole('heading', { level: 1 })
        .or(page.getByRole('heading', { level: 2 }))
        .first()
        .waitFor();
      if (shows !== undefined) await page.getByText(shows).first().waitFor();
      await page.waitForLoadState('networkidle', { timeout: 5_000 }).catch(() => undefined); // live pages poll
      const file = `${options.out}/${role}-${name}-${look}.webp`;
      writeFileSync(file, await webp(converter, await page.screenshot()));
      process.stdout.write(`${file}\n`);
    }
    await context.close();
  }
  await converter.close();
}

const world = await worldOfPlatform();
mkdirSync(options.out, { recursive: true });
const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
try {
  const screens = screensOf(world).filter(({ role, name }) => `${role}-${name}`.includes(options.only));
  for (const look of options.looks.split(',')) await photograph(browser, look as keyof typeof LOOKS, screens);
} finally {
  await browser.close();
}
