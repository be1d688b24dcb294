// What the stage shows without a moving picture: a sound that is heard, and the last picture when nothing is on.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { LAYOUTS, Publisher } from './support/ffmpeg';
import { Person } from './support/person';
import type { Site } from './support/site';

let site: Site;
let browser: Browser;
let key: string;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
    const viola = await Person.at(browser, site);
    await viola.signUp('viola');
    key = await viola.newKey('desk');
    await viola.leave();
  }
});

afterAll(async () => {
  await browser?.close();
});

/** How loud the loudest bar of the radio's face is, from 0 to 1; nothing while it does not measure. */
function loudest(page: Page): Promise<number | undefined> {
  return page.evaluate(() => {
    const bars = [...document.querySelectorAll<HTMLElement>('live-player[data-measured] .radio-waves i')];
    return bars.length === 0
      ? undefined
      : Math.max(...bars.map((bar) => Number(bar.style.getPropertyValue('--level'))));
  });
}

test.runIf(here)('the bars of a radio are the sound that is heard, and rest when it is not', async () => {
  const publisher = Publisher.start(`${site.rtmp}/${key}`, LAYOUTS['AAC alone']);
  const listener = await Person.at(browser, site);
  const calm = await Person.at(browser, site, { reducedMotion: 'reduce' });
  try {
    const { page } = listener;
    for (const { page: open } of [listener, calm]) {
      await open.goto(`${site.url}/viola`);
      await open.locator('live-player[data-playing]').waitFor();
      // Somebody wants to hear it.
      await open.locator('live-player').click({ position: { x: 20, y: 20 } });
      await open.locator('video').evaluate((video: HTMLVideoElement) => {
        video.muted = false;
        return video.play();
      });
    }
    await expect.poll(() => loudest(page)).toBeGreaterThan(0.3);
    await page.locator('video').evaluate((video: HTMLVideoElement) => {
      video.muted = true;
    });
    await expect.poll(() => loudest(page)).toBeUndefined();
    expect(await loudest(calm.page)).toBeUndefined();
    expect(listener.errors).toEqual([]);
  } finally {
    await publisher.stop();
    await listener.leave();
    await calm.leave();
  }
});

test.runIf(here)('the last picture stays behind the words, with what to do below them', async () => {
  const stranger = await Person.at(browser, site);
  const { page } = stranger;
  const publisher = Publisher.start(`${site.rtmp}/${key}`);
  try {
    await stranger.goto('/viola');
    await stranger.seesMovingPicture();
    await expect
      .poll(async () => (await stranger.page.request.get(`${site.url}/viola`)).text(), { timeout: 60_000 })
      .toContain('class="stage-picture"');
  } finally {
    await publisher.stop();
  }
  await page.locator('live-player[data-state="ENDED"]').waitFor({ timeout: 60_000 });
  await page.locator('.stage-picture[src$="/0"]').waitFor();
  const actions = page.locator('.plate-ended .plate-actions .button');
  expect(await actions.count()).toBe(1);
  for (const action of await actions.all()) {
    expect((await action.boundingBox())?.height).toBeGreaterThanOrEqual(40);
  }
  await expect
    .poll(
      async () => {
        await stranger.goto('/viola');
        return page.locator('live-player[data-state="OFFLINE"] .stage-picture').count();
      },
      { timeout: 60_000 },
    )
    .toBe(1);
  // Once on the page: the plate leads elsewhere, and the channel's own button follows.
  expect(await page.getByRole('button', { name: /^Follow( viola)?$/ }).count()).toBe(1);
  expect(stranger.errors).toEqual([]);
  await stranger.leave();
});
