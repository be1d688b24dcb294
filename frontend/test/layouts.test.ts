// Each track layout that encoders send: seen or heard in the browser, and judged by FFmpeg. And what becomes of a key.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { complaints, LAYOUTS, Publisher } from './support/ffmpeg';
import { Person } from './support/person';
import type { Site } from './support/site';
import { waitFor } from './support/wait';

let site: Site;
let browser: Browser;
let lena: Person;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
    lena = await Person.at(browser, site);
    await lena.enrol('lena');
  }
});

afterAll(async () => {
  await browser?.close();
});

test.runIf(here).concurrent.each(Object.entries(LAYOUTS))('%s plays', async (name, layout) => {
  const streamer = await Person.at(browser, site);
  const channel = `layout-${Object.keys(LAYOUTS).indexOf(name)}`;
  await streamer.enrol(channel);
  const key = await streamer.newKey(name);
  await streamer.leave();
  const viewer = await Person.at(browser, site);
  await viewer.goto(`/${channel}`);
  const publisher = Publisher.start(`${site.rtmp}/${key}`, layout);
  try {
    await viewer.seesMovingPicture();
    expect(await complaints(`${site.media}/live/${channel}.m3u8`, 3)).toBe('');
    const radio = viewer.page.locator('.radio-face');
    expect(await radio.isVisible()).toBe(name.endsWith('alone') && !name.startsWith('H.264'));
  } finally {
    await publisher.stop();
  }
  await waitFor('the broadcast is over', async () => (await viewer.state()) === 'ENDED');
  expect(viewer.errors).toEqual([]);
  await viewer.leave();
});

test.runIf(here)('a revoked key is kicked', async () => {
  const key = await lena.newKey('to be revoked');
  const publisher = Publisher.start(`${site.rtmp}/${key}`);
  await expect.poll(() => lena.page.locator('.state').textContent(), { timeout: 30_000 }).toBe('Live');
  const revoked = Date.now();
  await lena.page.getByRole('button', { name: 'Revoke to be revoked' }).click();
  await lena.page.getByRole('button', { name: 'Revoke key' }).click();
  await publisher.exited;
  expect(Date.now() - revoked).toBeLessThan(10_000);
});

test.runIf(here)('End now ends the broadcast for everybody, and its key waits', async () => {
  const key = await lena.newKey('to be ended');
  const viewer = await Person.at(browser, site);
  await viewer.goto('/lena');
  const publisher = Publisher.start(`${site.rtmp}/${key}`);
  await viewer.seesMovingPicture();
  await lena.goto('/studio/connect');
  await expect.poll(() => lena.page.locator('.state').textContent(), { timeout: 30_000 }).toBe('Live');
  expect(await lena.page.locator('.health').textContent()).toContain('No problems so far');
  await lena.page.getByRole('button', { name: 'End stream…' }).click();
  await lena.page.getByRole('button', { name: 'End stream', exact: true }).click();
  await lena.page.getByText('Stream ended.').waitFor();
  await publisher.exited;
  await waitFor('the viewer is told', async () => (await viewer.state()) === 'ENDED');
  const again = Publisher.start(`${site.rtmp}/${key}`);
  await again.exited;
  expect(again.said).toContain('may not publish');
  expect(viewer.errors).toEqual([]);
  await viewer.leave();
});

test.runIf(here)('a wrong key is refused, and the open connect page says so', async () => {
  await lena.goto('/studio/connect');
  const publisher = Publisher.start(`${site.rtmp}/mr_thisisnokey`);
  await publisher.exited;
  expect(publisher.said).toContain('may not publish');
  await expect
    .poll(() => lena.page.locator('attempt-log').textContent(), { timeout: 30_000 })
    .toContain('doesn’t exist');
});

test.runIf(here)('no key ever reaches a log, a page, an address or the database', async () => {
  const key = await lena.newKey('canary');
  const secret = key.slice(11);
  const publisher = Publisher.start(`${site.rtmp}/${key}`);
  await expect.poll(() => lena.page.locator('.state').textContent(), { timeout: 30_000 }).toBe('Live');
  await Publisher.start(`${site.rtmp}/${key}x`).exited;
  for (const path of ['/', '/lena', '/studio/connect', '/studio/channel']) {
    await lena.goto(path);
    expect(await lena.page.content()).not.toContain(secret);
  }
  for (const path of ['/live/lena.m3u8', '/live/lena.ts.m3u8']) {
    expect(await (await fetch(site.media + path)).text()).not.toContain(secret);
  }
  expect(await (await fetch(`${site.url}/actuator/health`)).text()).not.toContain(secret);
  await publisher.stop();
  expect(site.log()).not.toContain(secret);
});
