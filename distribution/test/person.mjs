// SPDX-License-Identifier: Apache-2.0
// One step of somebody at a browser, for person.sh: node person.mjs FOLDER STEP [WORD…]. What the browser knows, and a picture of what it
// shows, are kept in FOLDER; what the next step needs is printed.
//
//   setup LINK        becomes the first admin, names the site and looks at what else there is to set up
//   https DOMAIN      says the domain, agrees to the terms, and waits until the site is there by HTTPS
//   key               makes a stream key; prints server and key
//   watch TEXT        watches over HTTP/2 and writes TEXT in the room
//   again TEXT        logs in anew, watches over HTTP/2, and finds TEXT
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { chromium } = createRequire(new URL('../../frontend/package.json', import.meta.url))('playwright-core');

const [folder, step, word] = process.argv.slice(2);
const NAME = 'plover';
const PASSWORD = 'three quiet herons';
const PATIENCE_MILLIS = 60_000;
const state = join(folder, 'state.json');
const issuer = join(folder, 'issuer.pem');
const site = 'https://live.example.org';

const trusting = [];
if (existsSync(issuer)) {
  const key = new X509Certificate(readFileSync(issuer)).publicKey.export({ type: 'spki', format: 'der' });
  trusting.push(`--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`);
}
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', ...trusting],
});
const context = await browser.newContext({
  viewport: { width: 1280, height: 800 },
  locale: 'en-GB',
  ...(existsSync(state) ? { storageState: state } : {}),
});
context.setDefaultTimeout(PATIENCE_MILLIS);
const page = await context.newPage();
let pictures = 0;
const picture = () => page.screenshot({ path: join(folder, `${step}-${++pictures}.png`) });

async function until(what, condition) {
  const end = Date.now() + PATIENCE_MILLIS;
  while (!(await condition())) {
    if (Date.now() > end) {
      throw new Error(`not within its time: ${what}`);
    }
    await page.waitForTimeout(200);
  }
}

const message = (text) => page.getByRole('log').locator('.chat-message[data-seq]', { hasText: text });

async function watch() {
  await page.goto(`${site}/${NAME}`);
  const time = () =>
    page.evaluate(() => {
      const video = document.querySelector('video');
      return video && video.readyState >= 2 && !video.paused ? video.currentTime : -1;
    });
  await until('the picture moves', async () => {
    const before = await time();
    await page.waitForTimeout(300);
    return before >= 0 && (await time()) > before;
  });
  const protocols = await page.evaluate(() =>
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .map((entry) => entry.nextHopProtocol)
      .filter((protocol) => protocol !== ''),
  );
  if (protocols.length === 0 || protocols.some((protocol) => protocol !== 'h2')) {
    throw new Error(`not all came over HTTP/2: ${[...new Set(protocols)]}`);
  }
}

const steps = {
  async setup() {
    await page.goto(word);
    await picture();
    await page.getByLabel('Username', { exact: true }).fill(NAME);
    await page.getByLabel('Email', { exact: true }).fill(`${NAME}@example.org`);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Create admin' }).click();
    await page.waitForURL((url) => !url.pathname.startsWith('/setup'));
    await picture();
    await page.locator('main form input[type="text"]').first().fill('Harbour Live');
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.waitForURL((url) => !url.pathname.endsWith('/site'));
    await picture();
  },

  async https() {
    await page.goto(page.url() === 'about:blank' ? 'http://live.example.org:8080/admin/https' : page.url());
    await picture();
    await page.locator('#domain').fill(word);
    await page.locator('form[action$="/admin/https/domain"] button').click();
    await until('the terms are shown', async () => {
      await page.goto('http://live.example.org:8080/admin/https');
      return page.locator('[data-state="TERMS"] ~ section button, form[action$="/admin/https/terms"] button').first().isVisible();
    });
    await picture();
    await page.locator('form[action$="/admin/https/terms"] button').click();
    await page.waitForLoadState();
    await picture();
  },

  async key() {
    await page.goto(`${site}/login`);
    await logIn();
    await page.goto(`${site}/admin/https`);
    await picture();
    await page.goto(`${site}/studio/connect`);
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Key name').fill('desk');
    await page.getByRole('button', { name: 'Create key' }).click();
    const key = await page.getByLabel('Stream key', { exact: true }).inputValue();
    // A key is for no picture.
    console.log(`${await page.getByLabel('Server', { exact: true }).inputValue()} ${key}`);
  },

  async watch() {
    await watch();
    await page.getByRole('textbox', { name: 'Comment', exact: true }).fill(word);
    await page.keyboard.press('Enter');
    await message(word).waitFor();
    await picture();
  },

  async again() {
    await page.goto(`${site}/login`);
    await logIn();
    await watch();
    await message(word).waitFor();
    await picture();
  },
};

async function logIn() {
  const name = page.getByLabel('Username or email', { exact: true });
  if (await name.isVisible()) {
    await name.fill(NAME);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.locator('main').getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL((url) => !url.pathname.startsWith('/login'));
  }
}

try {
  await steps[step]();
  await context.storageState({ path: state });
} catch (error) {
  await page.screenshot({ path: join(folder, `${step}-failed.png`) });
  console.error(`${page.url()}: ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
