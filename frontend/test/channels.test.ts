// More than one channel: made in the studio, two on air at once, switched between by keys, taken away again.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { Publisher } from './support/ffmpeg';
import { ADMIN, Person } from './support/person';
import type { Site } from './support/site';

let site: Site;
let browser: Browser;
let owner: Person;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
    owner = await Person.at(browser, site);
    await owner.logIn(ADMIN);
  }
});

afterAll(async () => {
  await browser?.close();
});

async function newKey(studio: string): Promise<string> {
  const { page } = owner;
  await owner.goto(`${studio}/connect`);
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Key name').fill('camera');
  await page.getByRole('button', { name: 'Create key' }).click();
  return page.getByLabel('Stream key', { exact: true }).inputValue();
}

test.runIf(here)('somebody has two channels, both on air, and takes one away', async () => {
  const { page } = owner;
  await owner.goto('/studio/channels');
  await page.getByLabel('Name', { exact: true }).fill('studio');
  await page.getByRole('button', { name: 'Create channel' }).click();
  await page.getByText('This name is kept for the site', { exact: false }).waitFor();
  await page.getByLabel('Name', { exact: true }).fill('bird-box');
  await page.getByRole('button', { name: 'Create channel' }).click();
  await page.waitForURL('**/studio/@bird-box');

  const publishers = [
    Publisher.start(`${site.rtmp}/${await newKey('/studio')}`),
    Publisher.start(`${site.rtmp}/${await newKey('/studio/@bird-box')}`),
  ];
  try {
    await expect.poll(() => page.locator('.state').textContent(), { timeout: 30_000 }).toBe('Live');
    // With keys alone, and to the same page of the other channel.
    await page.locator('.studio-switch-button').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/studio/connect');
    await expect.poll(() => page.locator('.state').textContent(), { timeout: 30_000 }).toBe('Live');
    const viewer = await Person.at(browser, site);
    await viewer.goto('/bird-box');
    await viewer.seesMovingPicture();
    await viewer.leave();

    await owner.goto('/studio/@bird-box/channel');
    await page.getByLabel('Type the channel name to confirm: bird-box').fill('bird-box');
    await page.getByRole('button', { name: 'Delete this channel' }).click();
    await page.getByText('The channel is deleted.').waitFor();
    await publishers[1]?.exited;
    await owner.goto('/studio/connect');
    expect(await page.locator('.state').textContent()).toBe('Live');
  } finally {
    await Promise.all(publishers.map((publisher) => publisher.stop()));
  }
  expect(owner.errors).toEqual([]);
});
