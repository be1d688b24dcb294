// Who may watch: by an account, by a password; and whoever may not any more sees the picture stop.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { Publisher } from './support/ffmpeg';
import { Person } from './support/person';
import type { Site } from './support/site';
import { waitFor } from './support/wait';

const SECRET = 'four green apples';

let site: Site;
let browser: Browser;
let owner: Person;
let publisher: Publisher;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
    owner = await Person.at(browser, site);
    await owner.enrol('wilma');
    publisher = Publisher.start(`${site.rtmp}/${await owner.newKey('desk')}`);
  }
});

afterAll(async () => {
  await publisher?.stop();
  await browser?.close();
});

async function show(visibility: string, password = '', once = false): Promise<void> {
  const { page } = owner;
  await owner.goto('/studio/audience');
  await page.locator(`input[name="visibility"][value="${visibility}"]`).check();
  if (password) {
    await page.locator('input[name="password"]').fill(password);
  }
  await page.locator('input[name="once"]').setChecked(once);
  await page.locator('.save-bar .button-filled').click();
  await page.locator('.note[role="status"]').waitFor();
}

test.runIf(here)('a stranger says the password, watches, and sees the picture stop when it is taken back', async () => {
  await show('PASSWORD', SECRET);
  const stranger = await Person.at(browser, site);
  const { page } = stranger;
  await stranger.goto('/wilma');
  await page.locator('.plate-access').waitFor();
  expect(await page.locator('live-player').getAttribute('data-src')).not.toContain('/t/');

  await page.locator('#unlock').fill('not this one');
  await page.locator('#unlock').press('Enter');
  await page.locator('.plate-error').waitFor();
  await page.locator('#unlock').fill(SECRET);
  await page.locator('#unlock').press('Enter');
  await stranger.seesMovingPicture();
  expect(await page.locator('live-player').getAttribute('data-src')).toContain('/t/');

  await show('PRIVATE');
  const changed = Date.now();
  await page.locator('live-player:not([data-playing]) .plate-offline').waitFor();
  expect(Date.now() - changed).toBeLessThan(60_000);
  await stranger.goto('/wilma');
  expect(await page.locator('live-player').getAttribute('data-state')).toBe('OFFLINE');
  expect(await page.locator('.plate-access').count()).toBe(0);
  await stranger.leave();
});

test.runIf(here)('whoever runs it watches what is private, and everybody what is public again', async () => {
  await show('PRIVATE');
  await owner.goto('/wilma');
  await owner.seesMovingPicture();
  const stranger = await Person.at(browser, site);
  await stranger.goto('/wilma');
  expect(await stranger.page.locator('live-player').getAttribute('data-state')).toBe('OFFLINE');
  const another = await Person.at(browser, site);
  await another.enrol('walt');
  await show('REGISTERED');
  await another.goto('/wilma');
  await another.seesMovingPicture();
  await show('PUBLIC');
  // It loads anew, by itself.
  await stranger.page.locator('live-player[data-access="open"][data-playing]').waitFor({ timeout: 60_000 });
  await waitFor(
    'the one with a ticket goes on',
    async () => (await another.page.locator('live-player[data-access="open"][data-playing]').count()) === 1,
  );
  await another.leave();
  await stranger.leave();
});

test.runIf(here)(
  'what was chosen for one broadcast is over with it, and nobody reads what was said meanwhile',
  async () => {
    await show('PRIVATE', '', true);
    await owner.page.locator('#shown-after', { hasText: 'Until this broadcast ends, then: Everybody' }).waitFor();
    const stranger = await Person.at(browser, site);
    await stranger.goto('/wilma');
    expect(await stranger.page.locator('live-player').getAttribute('data-state')).toBe('OFFLINE');
    await publisher.stop();
    await waitFor('the channel is for everybody again', async () => {
      await owner.goto('/studio/audience');
      return (
        (await owner.page.locator('input[name="visibility"][value="PUBLIC"]').isChecked()) &&
        (await owner.page.locator('#shown-after').count()) === 0
      );
    });
    publisher = Publisher.start(`${site.rtmp}/${await owner.newKey('stage')}`);
    await stranger.page.locator('live-player[data-access="open"][data-playing]').waitFor({ timeout: 60_000 });
    await stranger.leave();
  },
);
