// A publisher that stays away until its block ends. In a file of its own: it waits for a whole minute.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { StubbornPublisher } from './support/ffmpeg';
import { ADMIN, Person } from './support/person';
import type { Site } from './support/site';
import { waitFor } from './support/wait';

let site: Site;
let browser: Browser;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
  }
});

afterAll(async () => {
  await browser?.close();
});

test.runIf(here)(
  'a publisher that staff ended stays away until its block ends',
  async () => {
    const admin = await Person.at(browser, site);
    await admin.logIn(ADMIN);
    const blake = await Person.at(browser, site);
    await blake.signUp('blake');
    const publisher = new StubbornPublisher(`${site.rtmp}/${await blake.newKey('pc')}`);
    try {
      await admin.goto('/admin');
      const row = admin.page.locator('.wall-tile', { hasText: 'blake' });
      await row.locator('summary').first().click({ timeout: 30_000 });
      await row.getByRole('spinbutton').fill('1');
      await row.getByRole('button', { name: 'End stream…' }).click();
      await admin.page.getByRole('dialog').getByRole('button', { name: 'End stream' }).click();
      const ended = Date.now();
      await admin.page.getByText('ended').first().waitFor();
      await blake.goto('/studio/connect');
      await blake.page.getByText('an admin blocked this key').first().waitFor({ timeout: 30_000 });
      await admin.goto('/admin');
      await waitFor('it is back', async () => (await row.count()) > 0, 100_000);
      expect(Date.now() - ended).toBeGreaterThan(58_000);
    } finally {
      await publisher.stop();
    }
  },
  300_000,
);
