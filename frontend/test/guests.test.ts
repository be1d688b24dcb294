// Guests: an invite is made, used by somebody without an account, and taken back; with and without scripts.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { Person } from './support/person';
import type { Site } from './support/site';

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

async function invite(owner: Person, label: string): Promise<string> {
  const { page } = owner;
  await owner.goto('/studio/guests');
  await page.getByRole('button', { name: 'New invite' }).click();
  await page.getByLabel('Name of the invite').fill(label);
  await page.getByLabel('How many people').fill('2');
  await page.getByRole('button', { name: 'Make invite' }).click();
  return page.getByLabel(`Link of “${label}”`).inputValue();
}

test.runIf(here)('somebody without an account comes in by a link, and is removed', async () => {
  const owner = await Person.at(browser, site);
  await owner.signUp('guests-host');
  const { page } = owner;
  const link = await invite(owner, 'Class 7b');
  expect(link).toMatch(/\/i\/[\w-]{32}$/);
  await page.reload();
  expect(await page.content()).not.toContain(link.slice(-32));

  const guest = await Person.at(browser, site);
  await guest.goto(link);
  await guest.page.getByRole('heading', { name: 'guests-host invites you to watch' }).waitFor();
  await guest.page.reload();
  await guest.page.getByLabel('Your name').fill('Bob');
  await guest.page.getByRole('button', { name: 'Watch' }).click();
  await guest.page.waitForURL('**/guests-host');

  await owner.goto('/studio/guests');
  await page.getByRole('row', { name: /Class 7b 1 of 2/ }).waitFor();
  const row = page.getByRole('row', { name: /Bob/ });
  expect(await row.textContent()).toContain('Class 7b');
  // With keys alone.
  await row.getByRole('button', { name: 'Remove Bob' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('Remove Bob?').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Removed. They can’t watch any more.').waitFor();
  expect(await page.getByRole('row', { name: /Bob/ }).count()).toBe(0);

  await guest.goto(link);
  await guest.page.getByText('This invitation is not valid any more').waitFor();
  expect([...owner.errors, ...guest.errors]).toEqual([]);
  await guest.leave();
  await owner.leave();
});

test.runIf(here)('who wants to log in first comes back to the invitation', async () => {
  const owner = await Person.at(browser, site);
  await owner.signUp('guests-school');
  const link = await invite(owner, 'Parents');
  const parent = await Person.at(browser, site);
  await parent.goto(link);
  const seen: string[] = [];
  parent.page.on('request', (request) => {
    seen.push(request.url(), request.headers().referer ?? '');
  });
  await parent.page.getByRole('main').getByRole('button', { name: 'Sign up' }).click();
  await parent.page.getByLabel('Username', { exact: true }).fill('guests-parent');
  await parent.page.getByLabel('Email', { exact: true }).fill('guests-parent@example.org');
  await parent.page.getByLabel('Password', { exact: true }).fill('three quiet herons');
  await parent.page.getByRole('main').getByRole('button', { name: 'Sign up' }).click();
  await parent.page.getByText('You come in as guests-parent.').waitFor();
  const secret = link.slice(-32);
  // The button's own address has it, and nothing else.
  expect(seen.filter((url) => url.includes(secret) && url !== link)).toEqual([]);
  await parent.page.getByRole('button', { name: 'Watch' }).click();
  await parent.page.waitForURL('**/guests-school');
  await owner.goto('/studio/guests');
  await owner.page.getByRole('row', { name: /guests-parent/ }).waitFor();
  await parent.leave();
  await owner.leave();
});

/** A folder for pictures of what happens, for whoever wants to look. */
const PICTURES = process.env.MILLRACE_PICTURES;

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES) {
    await page.screenshot({ path: `${PICTURES}/${name}.png` });
  }
}

const box = (page: Page) => page.getByRole('textbox', { name: 'Comment', exact: true });
const message = (page: Page, text: string) =>
  page.getByRole('log').locator('.chat-message[data-seq]', { has: page.locator('.chat-text', { hasText: text }) });

async function say(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await page.keyboard.press('Enter');
  await message(page, text).waitFor();
}

test.runIf(here)('a guest and the owner talk, and the owner removes them', async () => {
  const owner = await Person.at(browser, site);
  await owner.enrol('guests-talk');
  await owner.goto('/studio/audience');
  await owner.page.locator('input[name="visibility"][value="INVITED"]').check();
  await owner.page.locator('.save-bar .button-filled').click();
  await owner.page.locator('.note[role="status"]').waitFor();
  const link = await invite(owner, 'Class 8a');
  const guest = await Person.at(browser, site);
  await guest.goto(link);
  await guest.page.getByLabel('Your name').fill('guests-talk');
  await guest.page.getByRole('button', { name: 'Watch' }).click();
  await guest.page.waitForURL('**/guests-talk');
  await owner.goto('/guests-talk');

  await say(owner.page, 'Any questions?');
  await say(guest.page, 'Will there be a recording?');
  // Of the same name, and yet nobody takes the one for the other.
  const asked = message(owner.page, 'Will there be a recording?');
  await asked.getByText('Guest', { exact: true }).waitFor();
  expect(await message(owner.page, 'Any questions?').getByText('Guest', { exact: true }).count()).toBe(0);
  await asked.hover();
  await asked.getByRole('button', { name: 'Reply', exact: true }).click();
  await say(owner.page, 'Yes, tomorrow.');
  expect(await message(guest.page, 'Yes, tomorrow.').locator('.chat-reply').textContent()).toContain(
    'guests-talk (guest): Will there be',
  );
  await guest.page.reload();
  const own = message(guest.page, 'Will there be a recording?');
  await own.waitFor();
  expect(await own.getAttribute('class')).toContain('chat-message-own');
  await picture(guest.page, 'guest-talks');

  // What is wrong a guest reports as anybody does.
  await message(guest.page, 'Yes, tomorrow.').getByRole('button', { name: 'Actions' }).click();
  await guest.page.getByRole('menuitem', { name: 'Report', exact: true }).click();
  await guest.page.getByRole('dialog').getByRole('combobox').selectOption('SPAM');
  await guest.page.getByRole('dialog').getByRole('button', { name: 'Send report' }).click();
  await guest.page.getByRole('dialog').getByRole('status').waitFor();
  await guest.page.keyboard.press('Escape');

  await asked.locator('.chat-name').click();
  const card = owner.page.getByRole('dialog', { name: 'guests-talk' });
  await card.getByText('Class 8a').waitFor();
  expect(await card.getByRole('link').count()).toBe(0);
  await picture(owner.page, 'guest-card');
  await card.getByRole('button', { name: 'Remove guest' }).click();
  const dialog = owner.page.getByRole('dialog');
  await dialog.getByText('Remove guests-talk?').waitFor();
  await picture(owner.page, 'guest-remove');
  await dialog.getByRole('button', { name: 'Remove guest' }).click();
  await owner.page.getByText('is removed and can’t watch any more.').waitFor();
  await message(owner.page, 'Will there be a recording?').and(owner.page.locator('.chat-removed')).waitFor();
  await guest.page.locator('.chat-login').waitFor();
  expect(await message(guest.page, 'Yes, tomorrow.').count()).toBe(0);
  await owner.goto('/studio/guests');
  expect(await owner.page.getByRole('row', { name: /Class 8a.*Remove/ }).count()).toBe(0);
  expect([...owner.errors, ...guest.errors]).toEqual([]);
  await guest.leave();
  await owner.leave();
});

test.runIf(here)('all of it works without scripts', async () => {
  const owner = await Person.at(browser, site);
  await owner.enrol('guests-plain');
  const link = await invite(owner, 'Family');
  await owner.leave();
  const guest = await Person.at(browser, site, { javaScriptEnabled: false });
  await guest.goto(link);
  await guest.page.getByLabel('Your name').fill('Grandma');
  await guest.page.getByRole('button', { name: 'Watch' }).click();
  await guest.page.waitForURL('**/guests-plain');
  await guest.leave();
});
