// Whoever opens a channel sees it at once, also when the encoder's key frames are far apart, as OBS's are by itself.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { Publisher } from './support/ffmpeg';
import { Person } from './support/person';
import type { Site } from './support/site';
import { waitFor } from './support/wait';

/** The engine keeps what came since a key frame for twenty seconds. */
const SECONDS = 18;
const FAR_APART = [
  ...['-f', 'lavfi', '-i', 'testsrc2=s=480x270:r=25', '-f', 'lavfi', '-i', 'sine=b=2:r=44100'],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
  ...['-g', `${SECONDS * 25}`, '-keyint_min', `${SECONDS * 25}`, '-sc_threshold', '0'],
];

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

test.runIf(here)('the picture does not wait for the next key frame', async () => {
  const streamer = await Person.at(browser, site);
  await streamer.enrol('far-apart');
  const key = await streamer.newKey('OBS by itself');
  await streamer.leave();
  const viewer = await Person.at(browser, site);
  const publisher = Publisher.start(`${site.rtmp}/${key}`, FAR_APART);
  try {
    await waitFor('it is live', async () => {
      await viewer.goto('/far-apart');
      return (await viewer.state()) === 'LIVE';
    });
    await viewer.seesMovingPicture();
    const playlist = await (await fetch(`${site.media}/live/far-apart/v0.m3u8`)).text();
    expect(playlist.match(/INDEPENDENT=YES/g), 'there was one key frame so far').toHaveLength(1);
    expect(await viewer.page.locator('.plate-wait').isVisible()).toBe(false);
  } finally {
    await publisher.stop();
  }
  expect(viewer.errors).toEqual([]);
  await viewer.leave();
});
