// Log-ins by another service: set up in the console, used without a script, linked, confirmed with, unlinked.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { ADMIN, Person } from './support/person';
import { CLIENT, Provider } from './support/provider';
import type { Site } from './support/site';

let site: Site;
let browser: Browser;
let casita: Provider;
/** The second finds what the first left. */
let tries = 0;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
  }
});

beforeEach(async () => {
  if (here) {
    tries += 1;
    await casita?.stop();
    const name = `Hana${tries}`;
    casita = await Provider.start({ subject: name, email: `${name}@casita.example`, name: `${name} Casita` });
  }
});

afterAll(async () => {
  await browser?.close();
  await casita?.stop();
});

async function setUp(): Promise<void> {
  const admin = await Person.at(browser, site);
  const { page } = admin;
  await admin.logIn(ADMIN);
  await admin.goto('/admin/settings');
  await page.locator('main').getByRole('link', { name: 'Log-in services' }).click();
  await page.getByRole('link', { name: 'Add a service' }).waitFor();
  if (await page.getByText('Casita').count()) {
    await remove(page);
  }
  await page.getByRole('link', { name: 'Add a service' }).click();
  expect(await page.getByLabel('Redirect address').inputValue()).toMatch(/\/login\/with\/\d+\/return$/);
  await page.getByLabel('Name', { exact: true }).fill('Casita');
  await page.getByLabel('Issuer').fill('http://casita.example');
  await page.getByLabel('Client ID').fill(CLIENT.id);
  await page.getByLabel('Client secret').fill(CLIENT.secret);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('That’s no address of HTTPS.').waitFor();
  expect(await page.getByLabel('Client secret').inputValue()).toBe('');
  await page.getByLabel('Issuer').fill(casita.issuer);
  await page.getByLabel('Client secret').fill(CLIENT.secret);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Nobody is linked').waitFor();
  expect(admin.errors).toEqual([]);
  await admin.leave();
}

async function remove(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Remove… Casita' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText('Casita').waitFor({ state: 'detached' });
}

async function tidyUp(): Promise<void> {
  const admin = await Person.at(browser, site);
  await admin.logIn(ADMIN);
  await admin.goto('/admin/login-services');
  await remove(admin.page);
  await admin.leave();
}

test.runIf(here)(
  'somebody joins and logs in by another service without a script, and links and unlinks one',
  async () => {
    await setUp();
    const hana = await Person.at(browser, site, { javaScriptEnabled: false });
    const { page } = hana;
    await hana.goto('/signup');
    await page.getByRole('link', { name: 'Continue with Casita' }).click();
    await page.getByRole('link', { name: 'Yes' }).click();
    await page.waitForURL((url) => url.pathname === '/signup/with');
    expect(await page.getByLabel('Username', { exact: true }).inputValue()).toBe(`hana${tries}-casita`);
    await page.getByText(`Hana${tries}@casita.example`).waitFor();
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.waitForURL((url) => url.pathname === '/studio');

    await hana.context.clearCookies({ name: 'SESSION' });
    await hana.goto('/login?continue=/settings/security');
    await page.getByRole('link', { name: 'Continue with Casita' }).click();
    await page.getByRole('link', { name: 'Yes' }).click();
    await page.waitForURL((url) => url.pathname === '/settings/security');
    await page.getByText('This account has no password.').waitFor();

    // The service confirms; a form leads there by a page of ours, which goes on by itself.
    await hana.goto('/confirm?continue=/settings/password');
    await page.getByRole('button', { name: 'Confirm with Casita' }).click();
    await page.getByRole('link', { name: 'Yes' }).click();
    await page.waitForURL((url) => url.pathname === '/settings/password');
    await page.getByLabel('New password').fill('four loud herons 4');
    await page.getByRole('button', { name: 'Set a password' }).click();
    await page.waitForURL((url) => url.search === '?changed');
    await hana.goto('/settings/security');
    await page.getByRole('button', { name: 'Unlink… Casita' }).click();
    await page.getByRole('button', { name: 'Unlink', exact: true }).click();
    await page.getByText('It no longer logs you in.').waitFor();

    // And with a script.
    const ines = await Person.at(browser, site);
    await ines.enrol(`ines${tries}`);
    await ines.goto('/settings/security');
    await ines.page.getByRole('button', { name: 'Link Casita' }).click();
    await ines.page.getByRole('link', { name: 'Yes' }).click();
    await ines.page.getByText('From now on you can log in with it.').waitFor();
    expect([...hana.errors, ...ines.errors]).toEqual([]);
    await ines.leave();
    await hana.leave();
    await tidyUp();
  },
);
