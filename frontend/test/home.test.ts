// The way to a stream: pictures that move and count nobody, the rail, what a search found, and what strangers are told.
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { Publisher } from './support/ffmpeg';
import { Person } from './support/person';
import type { Site } from './support/site';

const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

let site: Site;
let browser: Browser;
let publisher: Publisher | undefined;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
    const heron = await Person.at(browser, site);
    await heron.enrol('heron-home');
    publisher = Publisher.start(`${site.rtmp}/${await heron.newKey('pc')}`);
    await heron.leave();
  }
});

afterAll(async () => {
  await publisher?.stop();
  await browser?.close();
});

test.runIf(here)('pictures move for whoever wants it, can be stopped, and are no viewers', async () => {
  const stranger = await Person.at(browser, site);
  const { page } = stranger;
  await stranger.goto('/?sort=newest');
  // The page asks for itself anew when somebody goes live.
  const card = page.locator('main [data-card="heron-home"]');
  await card.waitFor({ timeout: 30_000 });
  await card.locator('.card').hover();
  await card.locator('.card-picture[data-moving] video').waitFor();
  await page.locator('h1').hover();
  await expect.poll(() => page.locator('main video').count()).toBe(0);
  expect(await card.locator('[data-fact="viewers"]').textContent()).toBe('0');

  await stranger.goto('/');
  await page.locator('.hero-stage[data-moving]').waitFor();
  await page.getByRole('button', { name: 'Stop the preview' }).click();
  await page.getByRole('button', { name: 'Play the preview' }).waitFor();
  expect(await page.locator('main video').count()).toBe(0);
  expect(stranger.errors).toEqual([]);
  await stranger.leave();

  const calm = await Person.at(browser, site, { reducedMotion: 'reduce', colorScheme: 'dark', bypassCSP: true });
  for (const path of ['/', '/following', '/categories/games']) {
    await calm.goto(path);
    expect(await calm.page.locator('.hero-motion').isVisible()).toBe(false);
    await calm.page.evaluate(AXE);
    const found = await calm.page.evaluate(async () => {
      const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
      return (await axe.run()).violations.map((violation) => violation.id);
    });
    expect(found, path).toEqual([]);
  }
  await calm.leave();
});

test.runIf(here)('a stranger finds a channel by a part of its name, with the keyboard alone', async () => {
  const stranger = await Person.at(browser, site);
  const { page } = stranger;
  await stranger.goto('/following');
  expect(await page.locator('main a.button-filled').getAttribute('href')).toBe('/signup?for=following');
  const rail = page.locator('.rail');
  await rail.locator('[data-channel="heron-home"]').waitFor();
  // Folded at this width until somebody opens it, and then for good.
  expect((await rail.boundingBox())?.width).toBe(72);
  await rail.getByRole('button').click();
  await page.reload();
  expect((await rail.boundingBox())?.width).toBe(240);

  await page.keyboard.press('/');
  await page.keyboard.type('heron-h');
  const option = page.getByRole('option').first();
  await option.waitFor();
  expect(await option.textContent()).toContain('@heron-home');
  expect(await option.locator('mark').first().textContent()).toBe('heron-h');
  await page.keyboard.press('ArrowDown');
  expect(await page.locator('#search').getAttribute('aria-activedescendant')).toBe(await option.getAttribute('id'));
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/heron-home');
  expect(stranger.errors).toEqual([]);
  await stranger.leave();
});
