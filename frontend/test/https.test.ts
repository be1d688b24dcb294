// Pages and media on one encrypted port with nothing in front: an account, a broadcast, a picture, words in the room, a file up and down.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { here, openBrowser } from './support/common';
import { Publisher } from './support/ffmpeg';
import { Person } from './support/person';
import { SiteProcess } from './support/site';

/** The certificate is the test's own. */
const TRUSTING = { ignoreHTTPSErrors: true };

let site: SiteProcess;
let browser: Browser;

beforeAll(async () => {
  if (here) {
    site = await SiteProcess.startShared();
    browser = await openBrowser();
  }
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

const message = (page: Page, text: string) =>
  page.getByRole('log').locator('.chat-message[data-seq]', { has: page.locator('.chat-text', { hasText: text }) });

test.runIf(here)('all of it comes from one origin, over HTTP/2', async () => {
  const owner = await Person.at(browser, site, TRUSTING);
  await owner.becomeFirstAdmin('henrike');
  const publisher = Publisher.start(`${site.rtmp}/${await owner.newKey('desk')}`);
  try {
    const viewer = await Person.at(browser, site, TRUSTING);
    const origins = new Set<string>();
    viewer.page.on('request', (request) => {
      if (/^http/.test(request.url())) {
        origins.add(new URL(request.url()).origin);
      }
    });
    viewer.page.on('websocket', (socket) => origins.add(new URL(socket.url()).origin.replace('wss:', 'https:')));
    await viewer.signUp('hugo');
    await viewer.goto('/henrike');
    await viewer.seesMovingPicture();
    expect([...origins]).toEqual([site.url]);
    const protocols = await viewer.page.evaluate(() =>
      [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(
        (entry) => (entry as PerformanceResourceTiming).nextHopProtocol,
      ),
    );
    expect(new Set(protocols.filter((protocol) => protocol !== ''))).toEqual(new Set(['h2']));

    await owner.goto('/henrike');
    await viewer.page.getByRole('textbox', { name: 'Comment', exact: true }).fill('through one door');
    await viewer.page.keyboard.press('Enter');
    await message(owner.page, 'through one door').waitFor();
    const cookies = await viewer.context.cookies(site.url);
    expect(cookies.filter((cookie) => !cookie.secure)).toEqual([]);
    expect(viewer.errors).toEqual([]);
    expect(site.log()).not.toContain(' ERROR ');
    await viewer.leave();
  } finally {
    await publisher.stop();
  }
});
