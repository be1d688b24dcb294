// Each track layout that encoders send: seen or heard in the browser, and judged by FFmpeg.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaints, LAYOUTS, Publisher, StubbornPublisher } from './support/ffmpeg';
import { openBrowser, Person } from './support/person';
import { Site } from './support/site';
import { waitFor } from './support/wait';

const here = process.env.MILLRACE_NO_BROWSER !== 'true';
let site: Site;
let browser: Browser;
let anna: Person;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = await Site.start('--millrace.rtmp.grace=0s');
    anna = await Person.at(browser, site);
    await anna.signUp('anna');
  }
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

test.runIf(here).each(Object.entries(LAYOUTS))('%s plays', async (name, layout) => {
  const key = await anna.newKey(name);
  const viewer = await Person.at(browser, site);
  await viewer.goto('/anna');
  const publisher = Publisher.start(`${site.rtmp}/${key}`, layout);
  try {
    await viewer.seesMovingPicture();
    expect(await complaints(`${site.media}/live/anna.m3u8`, 3)).toBe('');
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
  const key = await anna.newKey('to be revoked');
  const publisher = Publisher.start(`${site.rtmp}/${key}`);
  await waitFor('it is on air', () => site.log().includes('is published'));
  await expect.poll(() => anna.page.locator('.state').textContent(), { timeout: 15_000 }).toBe('Live');
  const revoked = Date.now();
  await anna.page.getByRole('button', { name: 'Revoke to be revoked' }).click();
  await publisher.exited;
  expect(Date.now() - revoked).toBeLessThan(4_000);
});

test.runIf(here)('End now ends the broadcast for everybody, and its key waits', async () => {
  const key = await anna.newKey('to be ended');
  const viewer = await Person.at(browser, site);
  await viewer.goto('/anna');
  const publisher = Publisher.start(`${site.rtmp}/${key}`);
  await viewer.seesMovingPicture();
  await anna.goto('/studio/connect');
  await expect.poll(() => anna.page.locator('.state').textContent(), { timeout: 15_000 }).toBe('Live');
  expect(await anna.page.locator('.health').textContent()).toContain('Nothing had to be repaired');
  await anna.page.getByText('End now…').click();
  await anna.page.getByRole('button', { name: 'End the broadcast' }).click();
  await anna.page.getByText('The broadcast has ended.').waitFor();
  await publisher.exited;
  await waitFor('the viewer is told', async () => (await viewer.state()) === 'ENDED');
  const again = Publisher.start(`${site.rtmp}/${key}`);
  await again.exited;
  expect(again.said).toContain('may not publish');
  expect(viewer.errors).toEqual([]);
  await viewer.leave();
});

test.runIf(here)('a wrong key is refused, and the open connect page says so', async () => {
  await anna.goto('/studio/connect');
  const publisher = Publisher.start(`${site.rtmp}/mr_thisisnokey`);
  await publisher.exited;
  expect(publisher.said).toContain('may not publish');
  await expect
    .poll(() => anna.page.locator('attempt-log').textContent(), { timeout: 10_000 })
    .toContain('does not exist');
});

test.runIf(here)('after a kill of the site the open page plays on without a reload', async () => {
  const key = await anna.newKey('stubborn');
  const publisher = new StubbornPublisher(`${site.rtmp}/${key}`);
  const viewer = await Person.at(browser, site);
  await viewer.goto('/anna');
  try {
    await viewer.seesMovingPicture();
    await viewer.page.evaluate(() => Object.assign(window, { notReloaded: true }));
    const player = viewer.page.locator('live-player');
    const before = await player.getAttribute('data-broadcast');
    await site.kill();
    await site.launch();
    await waitFor(
      'the broadcast is on again',
      async () => ![null, before].includes(await player.getAttribute('data-broadcast')),
      40_000,
    );
    await waitFor('the new broadcast plays', async () => (await viewer.state()) === 'LIVE', 30_000);
    await viewer.seesMovingPicture(30_000);
    expect(await viewer.page.evaluate(() => 'notReloaded' in window)).toBe(true);
  } finally {
    await publisher.stop();
  }
  await viewer.leave();
});

test.runIf(here)('no key ever reaches a log, a page, an address or the database', async () => {
  const key = await anna.newKey('canary');
  const secret = key.slice(11);
  const publisher = Publisher.start(`${site.rtmp}/${key}`);
  await expect.poll(() => anna.page.locator('.state').textContent(), { timeout: 15_000 }).toBe('Live');
  await Publisher.start(`${site.rtmp}/${key}x`).exited;
  for (const path of ['/', '/anna', '/studio/connect', '/studio/channel']) {
    await anna.goto(path);
    expect(await anna.page.content()).not.toContain(secret);
  }
  for (const path of ['/live/anna.m3u8', '/live/anna.ts.m3u8']) {
    expect(await (await fetch(site.media + path)).text()).not.toContain(secret);
  }
  expect(await (await fetch(`${site.url}/actuator/health`)).text()).not.toContain(secret);
  await publisher.stop();
  expect(site.log()).not.toContain(secret);
});
