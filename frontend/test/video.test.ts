// What was broadcast, the moment that it is over: found, watched with jumps, seen small on the bar, and fetched in two halves.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { LAYOUTS, Publisher } from './support/ffmpeg';
import { Person } from './support/person';
import type { Site } from './support/site';
import { waitFor } from './support/wait';

interface Video {
  id: string;
  state: string;
  startedAt: string;
}

let site: Site;
let browser: Browser;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
  }
});

afterAll(() => browser?.close());

test.runIf(here)('a broadcast is a video when it is over', async () => {
  const vera = await Person.at(browser, site);
  await vera.enrol('vera');
  const key = await vera.newKey('desk');
  const publisher = Publisher.start(`${site.rtmp}/${key}`, LAYOUTS['H.264 with B-frames + AAC']);
  const { page } = vera;
  const fetched = (path: string, headers = {}) => page.request.get(new URL(path, page.url()).href, { headers });
  const videos = async (): Promise<Video[]> => {
    const answer = await fetched('/api/v1/channels/vera/videos');
    return (await answer.json()) as Video[];
  };
  await waitFor('there is enough of it', async () => {
    const began = (await videos())[0]?.startedAt;
    return began !== undefined && Date.now() - Date.parse(began) > 16_000;
  });
  await publisher.stop();
  await waitFor('it is whole', async () => (await videos())[0]?.state === 'READY');

  await vera.goto('/vera/videos');
  await page.locator('main a[href^="/videos/"]').first().click();
  await page.waitForURL(/\/videos\/[\w-]{11}$/);
  await vera.seesMovingPicture();
  const seek = page.locator('.player-seek');
  const at = async () => Number(await seek.getAttribute('aria-valuenow'));
  const length = Number(await seek.getAttribute('aria-valuemax'));
  expect(length).toBeGreaterThanOrEqual(14);
  for (const part of [0.8, 0.1, 0.5]) {
    const box = await seek.boundingBox();
    await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) * part, (box?.y ?? 0) + (box?.height ?? 0) / 2);
    await waitFor('the picture is of that moment', async () => Math.abs((await at()) - length * part) < 3);
    await vera.seesMovingPicture();
  }
  await seek.press('Home');
  await waitFor('the picture is the first one', async () => (await at()) < 3);
  await seek.press('End');
  await page.locator('video-player:not([data-playing])').waitFor({ state: 'attached' });

  await waitFor('a moment is seen small on the bar', async () => {
    const box = await seek.boundingBox();
    for (const part of [0.3, 0.31]) {
      await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) * part, (box?.y ?? 0) + (box?.height ?? 0) / 2);
    }
    const seen = await page.locator('.player-preview').evaluateAll((all) =>
      (all as HTMLCanvasElement[]).some((canvas) => {
        const drawn = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        return drawn.some((value, index) => index % 4 !== 3 && value > 60);
      }),
    );
    if (!seen) {
      await page.reload(); // the list of pictures is asked for once
      await seek.waitFor();
    }
    return seen;
  });

  const address = (await page.getByRole('link', { name: 'Download' }).getAttribute('href')) ?? '';
  const whole = await (await fetched(address)).body();
  const half = Math.floor(whole.length / 2);
  const parts = [];
  for (const range of [`bytes=0-${half - 1}`, `bytes=${half}-`]) {
    const answer = await fetched(address, { range });
    expect(answer.status()).toBe(206);
    parts.push(await answer.body());
  }
  expect(Buffer.concat(parts).equals(whole)).toBe(true);
  expect(whole.subarray(4, 8).toString()).toBe('ftyp');
  const chat = await fetched((await page.getByRole('link', { name: 'Chat as a file' }).getAttribute('href')) ?? '');
  expect(await chat.json()).toMatchObject({ channel: 'vera', messages: [] });
  expect(vera.errors).toEqual([]);
  await vera.leave();
});
