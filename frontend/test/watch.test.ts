// The channel's page as people see it: the player's menu, the way to share, a phone's chat, and states that are no picture.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { Publisher } from './support/ffmpeg';
import { Person } from './support/person';
import type { Site } from './support/site';
import { waitFor } from './support/wait';

const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

let site: Site;
let browser: Browser;
let key: string;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
    const wanda = await Person.at(browser, site);
    await wanda.enrol('wanda');
    key = await wanda.newKey('desk');
    await wanda.leave();
  }
});

afterAll(async () => {
  await browser?.close();
});

/** What axe finds, as rules and places. */
async function faults(page: Page): Promise<string[]> {
  // Evaluated by the tool and not by the page: its policy lets no script in.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

async function reaches(viewer: Person, state: string): Promise<void> {
  await waitFor(`the channel is ${state}`, async () => (await viewer.state()) === state, 60_000);
}

test.runIf(here)('a channel goes by its states, and its menus open where the picture is', async () => {
  const viewer = await Person.at(browser, site);
  const { page } = viewer;
  await viewer.goto('/wanda');
  expect(await viewer.state()).toBe('OFFLINE');
  expect(await faults(page)).toEqual([]);

  const publisher = Publisher.start(`${site.rtmp}/${key}`);
  try {
    await viewer.seesMovingPicture();
    expect(await faults(page)).toEqual([]);

    // The one menu: upwards, within the player, closed by Escape, which gives the focus back.
    const stage = await page.locator('live-player').boundingBox();
    const settings = page.getByRole('button', { name: 'Playback settings' });
    await page.mouse.move((stage?.x ?? 0) + 200, (stage?.y ?? 0) + 200);
    await settings.click();
    const menu = page.getByRole('dialog', { name: 'Playback settings' });
    const box = await menu.boundingBox();
    const gear = await settings.boundingBox();
    expect(box && stage && box.y >= stage.y && box.x + box.width <= stage.x + stage.width).toBe(true);
    expect(box && gear && box.y + box.height <= gear.y).toBe(true);
    expect(await menu.getByRole('radio', { name: 'Normal' }).isChecked()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await menu.isVisible()).toBe(false);
    expect(await settings.evaluate((button) => button === document.activeElement)).toBe(true);

    await page.getByRole('button', { name: 'Share', exact: true }).click();
    const share = page.locator('share-panel');
    await share.locator('.share-code svg').waitFor();
    await page.keyboard.press('Escape');
    expect(await share.isVisible()).toBe(false);

    // What is paused awaits nothing.
    await page.locator('live-player').press('k');
    await page.locator('live-player:not([data-playing], [data-waiting])').waitFor({ state: 'attached' });
    await page.locator('live-player').press('k');
    await page.locator('live-player[data-playing]').waitFor();

    const unmute = page.locator('.player-unmute');
    await unmute.evaluate((button) => button.removeAttribute('hidden'));
    expect((await unmute.innerText()).trim()).toBe('Click for sound');
    await unmute.evaluate((button) => button.setAttribute('hidden', ''));
  } finally {
    await publisher.stop();
  }
  await reaches(viewer, 'ENDED');
  expect(await page.locator('.plate-ended').isVisible()).toBe(true);
  expect(await faults(page)).toEqual([]);

  const again = Publisher.start(`${site.rtmp}/${key}`);
  try {
    await viewer.seesMovingPicture();
    again.kill();
    await reaches(viewer, 'RECONNECTING');
    expect(await page.locator('.channel-facts .pill-live').isVisible()).toBe(false);
    expect(await page.locator('.player-live').isVisible()).toBe(false);
    await page.locator('.channel-facts .pill-amber').waitFor();
    expect(await faults(page)).toEqual([]);
  } finally {
    again.kill();
  }
  expect(viewer.errors).toEqual([]);
  await viewer.leave();
});

test.runIf(here)('on a phone the composer is in view without a scroll, and words fit the finger', async () => {
  const phone = await Person.at(browser, site, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await phone.enrol('winnie');
  await phone.goto('/wanda');
  await phone.page.locator('[data-tab="chat"].tab').tap();
  const field = phone.page.getByLabel('Comment', { exact: true });
  await field.waitFor();
  const box = await field.boundingBox();
  expect(box && box.y > 400 && box.y + box.height <= 844).toBe(true);
  expect(await phone.page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(844);
  const unmute = phone.page.locator('.player-unmute');
  await unmute.evaluate((button) => button.removeAttribute('hidden'));
  expect((await unmute.innerText()).trim()).toBe('Tap for sound');
  expect(phone.errors).toEqual([]);
  await phone.leave();
});

test.runIf(here)('a channel for adults asks its viewers first, and a follower sees that they follow', async () => {
  const walter = await Person.at(browser, site);
  await walter.enrol('walter');
  await walter.goto('/studio');
  await walter.page.locator('[name="mature"]').evaluate((box: HTMLInputElement) => {
    box.checked = true;
    box.form?.requestSubmit();
  });
  await walter.page.waitForURL(/saved/);
  await walter.goto('/walter');
  expect(await walter.page.locator('live-player[data-gate]').count()).toBe(0);
  await walter.goto('/wanda');
  const followed = walter.page.waitForResponse((answer) => answer.request().method() === 'PUT');
  await walter.page.getByRole('button', { name: 'Follow', exact: true }).click();
  await followed;
  await walter.goto('/wanda');
  const follows = walter.page.getByRole('button', { name: 'Unfollow', exact: true });
  await follows.waitFor();
  expect(await follows.evaluate((button) => button.classList.contains('button-filled'))).toBe(false);
  await follows.click();
  const follow = walter.page.getByRole('button', { name: 'Follow', exact: true });
  await follow.waitFor();
  expect(await follow.evaluate((button) => button.classList.contains('button-filled'))).toBe(true);
  expect(walter.errors).toEqual([]);
  await walter.leave();

  const stranger = await Person.at(browser, site);
  await stranger.goto('/walter');
  expect(await stranger.page.locator('live-player[data-gate]').count()).toBe(1);
  await stranger.leave();
});
