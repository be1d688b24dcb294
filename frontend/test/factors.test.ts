// What proves somebody beside a password: a passkey of Chromium's virtual authenticator, an app's codes, recovery codes.
import { createHmac } from 'node:crypto';
import type { Browser, CDPSession } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { PASSWORD, Person } from './support/person';
import type { Site } from './support/site';

const STEP_MILLIS = 30_000;

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

/** RFC 6238, written down a second time: the site's own words are not taken for it. */
function code(key: string, step: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...key.replaceAll(' ', '')].map((one) => letters.indexOf(one).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', secret).update(counter).digest();
  const from = (hash.at(-1) ?? 0) & 0xf;
  return String((hash.readUInt32BE(from) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

/** A phone's lock beside the browser; the person is there and unlocks it at once. */
async function authenticator(person: Person): Promise<{ cdp: CDPSession; id: string }> {
  const cdp = await person.context.newCDPSession(person.page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, id: authenticatorId };
}

async function signOut(person: Person): Promise<void> {
  await person.context.clearCookies({ name: 'SESSION' });
}

const atHome = (url: URL) => url.pathname === '/';

test.runIf(here)(
  'a passkey is added, signs in by itself and by its button, and not when the lock stays shut',
  async () => {
    const fay = await Person.at(browser, site);
    const { page } = fay;
    await fay.enrol('fay');
    const { cdp, id } = await authenticator(fay);
    await fay.goto('/settings/security');
    await page.getByLabel('Passkey name').fill('Fay’s phone 📱');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByText('The passkey was added.').waitFor();
    await page.getByText('Fay’s phone 📱', { exact: true }).waitFor();

    // The browser offers it in the name's field; the virtual person chooses at once.
    await signOut(fay);
    await fay.goto('/login?continue=/settings');
    await page.waitForURL((url) => url.pathname === '/settings');

    // Somebody who cannot unlock it gets nowhere, and is told.
    await signOut(fay);
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: false });
    await fay.goto('/login');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('No passkey was used.').waitFor();
    // The name's field offers it again at the same time: whichever comes first takes the page away.
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: true });
    await page
      .getByRole('button', { name: 'Sign in with a passkey' })
      .click({ timeout: 5_000 })
      .catch(() => undefined);
    await page.waitForURL(atHome);

    // Asked again, they confirm by the keyboard alone: the passkey's button comes first, and what was typed goes on.
    await fay.goto('/confirm?continue=/settings/tokens');
    await page.waitForFunction(() => document.activeElement?.closest('passkey-confirm') !== null);
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: false });
    await page.keyboard.press('Enter');
    await page.getByText('choose another way below').waitFor();
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: true });
    await page.getByRole('button', { name: 'Confirm with a passkey' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/settings/tokens');

    await fay.goto('/settings/security');
    // Of the passkey; sessions say the same of themselves.
    await page.getByText('Last used').first().waitFor();
    await page.getByRole('button', { name: 'Remove… Fay’s phone' }).click();
    await page.getByRole('button', { name: 'Remove passkey' }).click();
    await page.getByText('The passkey was removed.').waitFor();
    await signOut(fay);
    await fay.goto('/login');
    await page.getByText('This passkey isn’t known here').waitFor();
    expect(fay.errors).toEqual([]);
    await fay.leave();
  },
);

test.runIf(here)(
  'an authenticator app is set up without a script, asked for after the password, and replaced by a recovery code',
  async () => {
    const gil = await Person.at(browser, site, { javaScriptEnabled: false });
    const { page } = gil;
    await gil.enrol('gil');
    await gil.goto('/settings/security');
    await page.getByRole('link', { name: 'Set up an authenticator app' }).click();
    const key = await page.getByLabel('Setup key', { exact: true }).inputValue();
    const now = Math.floor(Date.now() / STEP_MILLIS);
    await page.getByLabel('Code', { exact: true }).fill('000000');
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByText('That code isn’t right.').waitFor();
    expect(await page.getByLabel('Setup key', { exact: true }).inputValue()).toBe(key);
    await page.getByLabel('Code', { exact: true }).fill(code(key, now - 1));
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByText('The authenticator app is on.').waitFor();
    const recovery = await page.locator('.recovery-codes li').allTextContents();
    expect(recovery).toHaveLength(10);

    const logIn = async () => {
      await signOut(gil);
      await gil.goto('/login?continue=/settings');
      await page.getByLabel('Username or email').fill('gil');
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.locator('main').getByRole('button', { name: 'Log in' }).click();
      await page.waitForURL((url) => url.pathname === '/login/code');
    };
    const enter = async (label: string, typed: string) => {
      await page.getByLabel(label, { exact: true }).fill(typed);
      await page.locator('main').getByRole('button', { name: 'Log in' }).click();
    };
    await logIn();
    // A right password alone is nobody yet.
    await gil.goto('/settings');
    await page.waitForURL((url) => url.pathname === '/login');
    await logIn();
    await enter('Code', code(key, now));
    await page.waitForURL((url) => url.pathname === '/settings');

    // The same code again, seen over a shoulder.
    await logIn();
    await enter('Code', code(key, now));
    await page.getByText('it was already used').waitFor();
    await page.getByRole('link', { name: 'Use a recovery code' }).click();
    await enter('Recovery code', recovery[3] ?? '');
    await page.waitForURL((url) => url.pathname === '/settings');
    await gil.goto('/settings/security');
    await page.getByText('Recovery codes left: 9').waitFor();
    await gil.leave();
  },
);
