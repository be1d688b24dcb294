// What staff do: settings that say what changed, a case that nothing decides by itself, and questions before what cannot be taken back.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { ADMIN, PASSWORD, Person } from './support/person';
import type { Site } from './support/site';

let site: Site;
let browser: Browser;
let admin: Person;
let cora: Person;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
    admin = await Person.at(browser, site);
    await admin.logIn(ADMIN);
    cora = await Person.at(browser, site);
    await cora.enrol('cora');
  }
});

afterAll(async () => {
  await browser?.close();
});

test.runIf(here)('settings are one form: its bar tells what changed, discards it, and saves it', async () => {
  const { page } = admin;
  await admin.goto('/admin/settings');
  const bar = page.locator('.settings-bar');
  await bar.getByText('No changes').waitFor();
  await page.getByRole('textbox', { name: 'Contact', exact: true }).fill('crew@console.example');
  await bar.getByText('1 change: Contact').waitFor();
  await page.getByRole('spinbutton', { name: 'Days a strike stays active' }).fill('80');
  await bar.getByText('2 changes: Contact, Days a strike stays active').waitFor();
  await page.getByRole('button', { name: 'Back to the default: Days a strike stays active' }).click();
  await bar.getByText('1 change: Contact').waitFor();
  await bar.getByRole('button', { name: 'Discard' }).click();
  await bar.getByText('No changes').waitFor();
  await page.getByRole('searchbox', { name: 'Find a setting' }).fill('strike');
  expect(await page.locator('[data-setting]:visible').count()).toBe(1);
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'Contact', exact: true }).fill('nowhere');
  await bar.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Write a mail address like').waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('contact');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('crew@console.example');
  await bar.getByRole('button', { name: 'Save' }).click();
  await page.locator('.site-footer').getByText('crew@console.example').waitFor();
});

test.runIf(here)('accounts come in a file: looked at first, then made, and opened by a link of their own', async () => {
  const { page } = admin;
  await admin.goto('/admin/users');
  await page.getByRole('link', { name: 'Import accounts' }).click();
  await page.getByLabel('CSV or JSON file').setInputFiles({
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('username,language\ncoralie,en\nadmin,\n'),
  });
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByText('Nothing has happened yet.').waitFor();
  expect(await page.getByRole('row', { name: 'admin' }).textContent()).toContain('Not possible');
  await page.getByRole('button', { name: 'Create 1 account' }).click();
  // The page looks again by itself.
  await page.getByText('1 account was created.').waitFor();
  await page.getByRole('button', { name: 'Show the links' }).click();
  const links = await page.getByLabel('Usernames and links').inputValue();
  const coralie = await Person.at(browser, site);
  await coralie.goto(/^coralie,(\S+)$/m.exec(links)?.[1] ?? '');
  await coralie.page.getByLabel('New password').fill(PASSWORD);
  await coralie.page.getByRole('button', { name: 'Change password' }).click();
  await coralie.page.getByText('Your password is changed.').waitFor();
  await coralie.logIn('coralie');
  expect([...admin.errors, ...coralie.errors]).toEqual([]);
  await coralie.leave();
});

test.runIf(here)('a report and its case have nothing chosen, and the question names whom it hits', async () => {
  const reporter = await Person.at(browser, site);
  await reporter.enrol('corin');
  await reporter.goto('/reports/new?kind=CHANNEL&channel=cora');
  await reporter.page.getByRole('button', { name: 'Send report' }).click();
  expect(new URL(reporter.page.url()).pathname).toBe('/reports/new');
  await reporter.page.getByLabel('What’s wrong?').selectOption({ label: 'Spam or fraud' });
  await reporter.page.getByRole('button', { name: 'Send report' }).click();
  await reporter.page.waitForURL(/decisions/);
  const { page } = admin;
  await admin.goto('/admin/reports');
  await page.getByRole('row', { name: /cora/ }).getByRole('link', { name: /^#/ }).click();
  const decide = page.getByRole('button', { name: 'Decide…' });
  await decide.click();
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.getByLabel('Decision', { exact: true }).selectOption('SUSPEND_STREAMING');
  await page.getByLabel('Duration').fill('7');
  await decide.click();
  const question = page.getByRole('dialog');
  await question.getByText(/about cora/).waitFor();
  await question.getByText('7 days').waitFor();
  await question.getByRole('button', { name: 'Cancel' }).click();
  expect(await page.getByText('Done.').count()).toBe(0);
  await page.getByLabel('Decision', { exact: true }).selectOption('DISMISS');
  expect(await page.getByLabel('Duration').isVisible()).toBe(false);
  await decide.click();
  await question.getByRole('button', { name: 'Decide' }).click();
  await page.getByText('Done.').waitFor();
  expect([...admin.errors, ...cora.errors, ...reporter.errors]).toEqual([]);
  await reporter.leave();
});
