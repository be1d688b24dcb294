// What is not for everybody comes through a cache that asks once for all; whoever is taken off the list sees the picture stop, the others do not,
// and all goes on when the cache does not answer.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cache } from './support/cache';
import { here, openBrowser } from './support/common';
import { Publisher } from './support/ffmpeg';
import { Person } from './support/person';
import { SiteProcess } from './support/site';
import { waitFor } from './support/wait';

let cache: Cache;
let site: SiteProcess;
let browser: Browser;
let owner: Person;
let publisher: Publisher;

beforeAll(async () => {
  if (here) {
    cache = await Cache.start();
    site = await SiteProcess.start(`--millrace.cdn.url=${cache.url}`, '--millrace.cdn.private-streams=true');
    cache.origin = site.media;
    browser = await openBrowser();
    owner = await Person.at(browser, site);
    await owner.becomeFirstAdmin('wanda');
    publisher = Publisher.start(`${site.rtmp}/${await owner.newKey('desk')}`);
  }
});

afterAll(async () => {
  await publisher?.stop();
  await browser?.close();
  await site?.stop();
  await cache?.stop();
});

async function show(visibility: string): Promise<void> {
  await owner.goto('/studio/audience');
  await owner.page.locator(`input[name="visibility"][value="${visibility}"]`).check();
  await owner.page.locator('.save-bar .button-filled').click();
  await owner.page.locator('.note[role="status"]').waitFor();
}

test.runIf(here)(
  'two watch through the cache; the one that is sent away stops, the other goes on, with it and without',
  async () => {
    await show('FOLLOWERS');
    const [goes, stays] = [await Person.at(browser, site), await Person.at(browser, site)];
    const byTicket: string[] = [];
    for (const [person, name] of [
      [goes, 'gustav'],
      [stays, 'stella'],
    ] as const) {
      await person.enrol(name);
      await person.goto('/wanda');
      await person.page
        .getByRole('button', { name: /^Follow/ })
        .first()
        .click();
      await person.page.locator('live-player[data-ticket]').waitFor(); // the page loads anew, with more on it
      await person.seesMovingPicture();
    }
    stays.page.on('request', (request) => {
      if (/\/t\/.*\.m4s/.test(request.url())) {
        byTicket.push(request.url());
      }
    });
    // Each is given another address now and then, not at the same moment: for a while they may have nothing in common.
    const first = new Map(cache.asked);
    const shared = () =>
      [...cache.asked]
        .filter(([url, times]) => url.endsWith('.m4s') && !first.has(url) && times > 1)
        .map(([url]) => url);
    await waitFor('both were given the same pieces', () => shared().length >= 20);
    expect(shared().filter((url) => cache.fetched.get(url) !== 1)).toEqual([]);
    expect(byTicket).toEqual([]);
    expect([...cache.asked.keys()].some((url) => /\/t\/|[?&]v=/.test(url))).toBe(false);

    await goes.page
      .getByRole('button', { name: /^Unfollow/ })
      .first()
      .click();
    const since = Date.now();
    await goes.page.locator('live-player:not([data-playing])').waitFor();
    expect(Date.now() - since).toBeLessThan(20_000);
    const before = await stays.time();
    await waitFor('the other goes on', async () => (await stays.time()) > before + 3);
    expect(await stays.page.locator('live-player[data-playing]').count()).toBe(1);
    expect(byTicket).toEqual([]);

    expect(stays.errors).toEqual([]);
    await cache.stop();
    const then = await stays.time();
    await waitFor('it goes on by its ticket', async () => (await stays.time()) > then + 4);
    expect(byTicket.length).toBeGreaterThan(0);
    await goes.leave();
    await stays.leave();
  },
);
