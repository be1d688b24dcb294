// A clip of what is live: the player's button, the dialog's handles by keys, and the page that it ends on.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { LAYOUTS, Publisher } from './support/ffmpeg';
import { Person } from './support/person';
import type { Site } from './support/site';
import { waitFor } from './support/wait';

let site: Site;
let browser: Browser;
let publisher: Publisher;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
    const clara = await Person.at(browser, site);
    await clara.enrol('clara');
    // Its sound begins before its picture does, as with an encoder that has much to do.
    const late = ['-itsoffset', '0.6', ...(LAYOUTS['H.264 + AAC'] ?? [])];
    publisher = Publisher.start(`${site.rtmp}/${await clara.newKey('desk')}`, late);
    await clara.leave();
  }
});

afterAll(async () => {
  await publisher?.stop();
  await browser?.close();
});

test.runIf(here)('whoever is logged in makes a clip of what was just seen', async () => {
  const viewer = await Person.at(browser, site);
  const { page } = viewer;
  await viewer.enrol('clive');
  await viewer.goto('/clara');
  await viewer.seesMovingPicture();
  const dialog = page.getByRole('dialog', { name: 'Make a clip' });
  const from = dialog.getByRole('slider', { name: 'Start of the clip' });
  await waitFor('some seconds are recorded', async () => {
    await page.locator('live-player').press('c');
    await dialog.waitFor();
    await dialog.locator('[data-clip="form"]:visible, [data-clip="refused"]:visible').first().waitFor();
    const long = (await from.isVisible()) && Number(await from.getAttribute('max')) >= 12_000;
    if (!long) {
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
    }
    return long;
  });
  await waitFor('the preview has a picture', () =>
    dialog.locator('video').evaluate((video) => (video as HTMLVideoElement).readyState >= 2),
  );
  const start = Number(await from.inputValue());
  await from.press('ArrowRight');
  await from.press('ArrowRight');
  expect(Number(await from.inputValue())).toBe(start + 2_000);
  expect(await from.getAttribute('aria-valuetext')).toMatch(/seconds?$/);
  await dialog.getByRole('button', { name: 'Play the clip' }).click();
  await waitFor('the preview plays', () =>
    dialog.locator('video').evaluate((video) => (video as HTMLVideoElement).currentTime > 2),
  );
  await dialog.getByLabel('Title').fill('Did you see that?');
  await dialog.getByRole('button', { name: 'Make clip' }).click();
  const link = dialog.getByLabel('Link');
  await link.waitFor();
  expect(await link.inputValue()).toMatch(/\/clips\/[\w-]{11}$/);
  await dialog.getByRole('link', { name: 'Open the clip' }).click();
  await page.getByRole('heading', { level: 1, name: 'Did you see that?' }).waitFor();
  await waitFor('the clip plays', () =>
    page.locator('video-player video').evaluate((video) => (video as HTMLVideoElement).currentTime > 0.5),
  );
  expect(viewer.errors).toEqual([]);
  await viewer.leave();
});

test.runIf(here)('whoever is not logged in is led there, and back', async () => {
  const viewer = await Person.at(browser, site);
  await viewer.goto('/clara');
  await viewer.page.locator('live-player[data-ready]').press('c');
  await viewer.page.waitForURL(/\/login\?continue=%2Fclara/);
  await viewer.leave();
});
