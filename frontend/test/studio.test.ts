// The studio as a streamer goes through it: a key for every device, what arrives, the picture, the end.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { Publisher } from './support/ffmpeg';
import { Person } from './support/person';
import type { Site } from './support/site';

let site: Site;
let browser: Browser;
let stella: Person;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
    stella = await Person.at(browser, site);
    await stella.enrol('stella');
  }
});

afterAll(async () => {
  await browser?.close();
});

test.runIf(here)('what arrives is ticked off, the preview is no viewer, and the end asks once', async () => {
  const { page } = stella;
  await stella.goto('/studio');
  await page.getByRole('heading', { name: 'Three steps to your first stream' }).waitFor();
  await page.getByLabel('Tags', { exact: true }).fill('live coding, 钢琴');
  expect(await page.locator('.tag-chips li').allTextContents()).toEqual(['live-coding', '钢琴']);

  const key = await stella.newKey('desk');
  expect(await page.getByLabel('Contents of service.json').inputValue()).toContain(`"key":"${key}"`);
  await page.getByText('Other programs').click();
  const upload = page.getByLabel('HTTP PUT', { exact: true });
  expect(await upload.inputValue()).toBe(`${site.media}/live/${key}.ts`);
  await page.getByText('On a phone').click();
  await page.getByRole('img', { name: 'Code for Larix Broadcaster' }).waitFor();
  const row = page.locator('.key-row', { hasText: 'desk' });
  expect(await row.locator('[data-fact="used"]').textContent()).toContain('Never');
  expect(await page.locator('.checks [data-done]').count()).toBe(0);

  const publisher = Publisher.start(`${site.rtmp}/${key}`);
  try {
    await expect.poll(() => page.locator('.checks [data-done]').count(), { timeout: 30_000 }).toBe(5);
    await row.getByText('In use').waitFor();
    expect(await row.locator('[data-fact="used"]').textContent()).not.toContain('Never');
    expect(await row.locator('[data-fact="program"]').textContent()).toContain('FFmpeg');

    await stella.goto('/studio');
    await page.locator('studio-preview[data-picture]').waitFor({ timeout: 30_000 });
    await page.locator('.curve-line').first().waitFor({ state: 'attached' });
    expect(await page.locator('[data-fact="viewers"]').textContent()).toBe('0');

    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['/studio/moderation', '/studio/channel']) {
      await stella.goto(path);
      const tab = await page.locator('.tabs [aria-current="page"]').boundingBox();
      expect(tab && tab.x >= 0 && tab.x + tab.width <= 390).toBe(true);
    }

    await stella.goto('/studio');
    await page.getByRole('button', { name: 'End stream…' }).click();
    const dialog = page.getByRole('dialog', { name: 'End the stream of stella?' });
    expect(await dialog.textContent()).toContain('Nobody is watching right now.');
    await page.keyboard.press('Escape');
    expect(await dialog.isVisible()).toBe(false);
    expect(await page.locator('.state').textContent()).toBe('Live');
    await page.getByRole('button', { name: 'End stream…' }).click();
    await dialog.getByRole('button', { name: 'End stream', exact: true }).click();
    await page.getByText('Stream ended.').waitFor();
    await publisher.exited;
  } finally {
    await publisher.stop();
  }
  expect(stella.errors).toEqual([]);
});
