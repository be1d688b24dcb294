// What takes a whole minute by its nature, side by side: a follower is told that a channel is live, and a publisher stays away until its
// block ends.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { Publisher, StubbornPublisher } from './support/ffmpeg';
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

test.runIf(here).concurrent(
  'a follower elsewhere gets the bell after a minute, once, on all tabs',
  async () => {
    const bella = await Person.at(browser, site);
    await bella.enrol('bella');
    const bert = await Person.at(browser, site);
    await bert.enrol('bert');
    await bert.goto('/bella');
    await bert.page.getByRole('button', { name: 'Follow', exact: true }).click();
    await bert.page.getByRole('button', { name: 'Unfollow' }).waitFor();
    const key = await bella.newKey('home PC');
    await bert.goto('/categories');
    const publisher = Publisher.start(`${site.rtmp}/${key}`);
    try {
      const other = await bert.context.newPage();
      await other.goto(`${site.url}/search`);
      const following = bert.page.locator('.site-header .following-live');
      await waitFor('the header counts who is live', () => following.isVisible(), 30_000);
      expect(await bert.page.locator('.bell .badge').isVisible()).toBe(false);
      await waitFor('the bell rings', () => bert.page.locator('.bell .badge').isVisible(), 90_000);
      expect(await other.locator('.bell .badge').textContent()).toBe('1');
      await bert.page.getByRole('button', { name: 'Notifications' }).click();
      await bert.page.getByRole('link', { name: /bella is live/ }).waitFor();
      await bert.page.keyboard.press('Escape');
      await waitFor('the other tab knows that it is read', () => other.locator('.bell .badge').isHidden());
      await other.close();
    } finally {
      await publisher.stop();
    }
  },
  240_000,
);

test.runIf(here).concurrent(
  'a publisher that staff ended stays away until its block ends',
  async () => {
    const admin = await Person.at(browser, site);
    await admin.logIn(ADMIN);
    const blake = await Person.at(browser, site);
    await blake.enrol('blake');
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
