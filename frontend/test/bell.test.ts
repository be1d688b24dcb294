// Who follows is told that a channel is live. In a file of its own: it waits for a whole minute.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { Publisher } from './support/ffmpeg';
import { Person } from './support/person';
import type { Site } from './support/site';
import { waitFor } from './support/wait';

let site: Site;
let browser: Browser;
let publisher: Publisher | undefined;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
  }
});

afterAll(async () => {
  await publisher?.stop();
  await browser?.close();
});

test.runIf(here)(
  'a follower elsewhere gets the bell after a minute, once, on all tabs',
  async () => {
    const bella = await Person.at(browser, site);
    await bella.signUp('bella');
    const bert = await Person.at(browser, site);
    await bert.signUp('bert');
    await bert.goto('/bella');
    await bert.page.getByRole('button', { name: 'Follow', exact: true }).click();
    await bert.page.getByRole('button', { name: 'Unfollow' }).waitFor();
    const key = await bella.newKey('home PC');
    await bert.goto('/categories');
    publisher = Publisher.start(`${site.rtmp}/${key}`);
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
  },
  240_000,
);
