// The first hour at the door: menus of the header, log-in and sign-up, by keyboard and with what goes wrong.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { Person } from './support/person';
import type { Site } from './support/site';

let site: Site;
let browser: Browser;
let dora: Person;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
    dora = await Person.at(browser, site);
    await dora.enrol('dora');
  }
});

afterAll(async () => {
  await browser?.close();
});

test.runIf(here)('the account menu and the bell close by Escape, by a click elsewhere, and each other', async () => {
  await dora.goto('/privacy');
  const account = dora.page.locator('#account-menu');
  const bell = dora.page.locator('#notice-panel');
  await dora.page.getByRole('button', { name: 'Your menu' }).click();
  expect(await account.isVisible()).toBe(true);
  await dora.page.getByRole('button', { name: 'Notifications' }).click();
  expect([await account.isVisible(), await bell.isVisible()]).toEqual([false, true]);
  await dora.page.keyboard.press('Escape');
  expect(await bell.isVisible()).toBe(false);
  await dora.page.getByRole('button', { name: 'Your menu' }).click();
  await dora.page.locator('h1').click();
  expect(await account.isVisible()).toBe(false);
});

test.runIf(here)('a log-in that fails keeps the name and says why; the password shows on request', async () => {
  const stranger = await Person.at(browser, site);
  await stranger.goto('/login');
  const { page } = stranger;
  const focus = () => page.evaluate(() => document.activeElement?.id);
  expect(await focus()).toBe('username');
  await page.keyboard.type('dora');
  await page.keyboard.press('Tab');
  await page.keyboard.type('not hers');
  await page.getByRole('button', { name: 'Show password' }).click();
  expect(await page.locator('#password').getAttribute('type')).toBe('text');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  expect(await page.getByLabel('Username or email').inputValue()).toBe('dora');
  expect(await page.locator('#password').inputValue()).toBe('');
  await expect.poll(focus).toBe('password');
  expect(page.url()).not.toContain('dora');
  await page.keyboard.type('three quiet herons');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/');
  await stranger.leave();
});

test.runIf(here)(
  'a sign-up says why it is asked for, shows its error in view, and goes on where one wanted to',
  async () => {
    const phone = await Person.at(browser, site, { viewport: { width: 390, height: 500 }, hasTouch: true });
    await phone.goto('/signup?for=follow&channel=dora');
    const { page } = phone;
    expect(await page.locator('.door-purpose').textContent()).toContain('@dora');
    await page.getByLabel('Username', { exact: true }).fill('dorothy');
    await page.getByLabel('Email', { exact: true }).fill('dorothy@example.org');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.locator('main').getByRole('button', { name: 'Sign up' }).click();
    await page.locator('#password-error').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('password');
    const box = await page.locator('#password').boundingBox();
    expect(box && box.y > 0 && box.y + box.height < 500).toBe(true);
    await page.getByLabel('Password', { exact: true }).fill('three quiet herons');
    await page.locator('main').getByRole('button', { name: 'Sign up' }).click();
    await page.waitForURL((url) => url.pathname === '/dora');
    await phone.leave();
  },
);
