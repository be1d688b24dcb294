// The walking skeleton: from an empty machine to a picture, and an admin who ends it.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Publisher } from './support/ffmpeg';
import { openBrowser, Person } from './support/person';
import { Site } from './support/site';
import { waitFor } from './support/wait';

const here = process.env.MILLRACE_NO_BROWSER !== 'true';
let site: Site;
let browser: Browser;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = await Site.start();
  }
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

test.runIf(here)('sign up, get a key, publish, watch, be ended by an admin, stay blocked', async () => {
  const admin = await Person.at(browser, site);
  await admin.becomeFirstAdmin('keeper');
  expect(new URL(admin.page.url()).pathname).toBe('/admin');

  const anna = await Person.at(browser, site);
  await anna.signUp('anna');
  const key = await anna.newKey('home PC');
  expect(key).toMatch(/^mr_[a-z2-7]{34}$/);
  expect(await anna.page.getByLabel('Server', { exact: true }).inputValue()).toBe(
    `rtmp://localhost:${site.rtmpPort}/live`,
  );

  const viewer = await Person.at(browser, site);
  await viewer.goto('/nobody-here');
  expect(await viewer.page.getByRole('heading').textContent()).toBe('Nothing is here');
  await viewer.goto('/anna');
  expect(await viewer.state()).toBe('OFFLINE');

  const published = Date.now();
  const publisher = Publisher.start(`${site.rtmp}/${key}`);
  await viewer.seesMovingPicture();
  expect(Date.now() - published).toBeLessThan(15_000);
  expect(await viewer.state()).toBe('LIVE');
  const before = await viewer.pixels();
  await waitFor('the picture changes', async () => (await viewer.pixels()) !== before);

  // The streamer sees what the encoder sends, without reloading.
  await waitFor('the studio shows the codec', async () =>
    ((await anna.page.locator('[data-fact="video"]').textContent()) ?? '').includes('H.264 480×270'),
  );
  await waitFor('the studio shows the key interval', async () =>
    ((await anna.page.locator('[data-fact="interval"]').textContent()) ?? '').startsWith('2.0'),
  );
  await expect.poll(() => anna.page.locator('attempt-log').textContent(), { timeout: 10_000 }).toContain('Connected');

  await viewer.goto('/');
  await viewer.page.getByRole('link', { name: /anna/ }).first().click();
  await viewer.seesMovingPicture();

  await admin.goto('/admin');
  await admin.page.getByRole('button', { name: 'End stream' }).click();
  await publisher.exited;
  await waitFor('the page says so', async () => (await viewer.state()) === 'ENDED');

  const again = Publisher.start(`${site.rtmp}/${key}`);
  await again.exited;
  expect(again.said).toContain('may not publish');
  await expect
    .poll(() => anna.page.locator('attempt-log').textContent(), { timeout: 10_000 })
    .toContain('an admin blocked this key');

  expect([...admin.errors, ...anna.errors, ...viewer.errors]).toEqual([]);
  await Promise.all([admin.leave(), anna.leave(), viewer.leave()]);
});
