// The room beside the picture: who is here, somebody's card, the picker, what is left above answers, and the player's own box.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { Person } from './support/person';
import type { Site } from './support/site';
import { waitFor } from './support/wait';

let site: Site;
let browser: Browser;
let rosa: Person;
let ruben: Person;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
    rosa = await Person.at(browser, site);
    await rosa.enrol('rosa');
    ruben = await Person.at(browser, site);
    await ruben.enrol('ruben');
    await rosa.goto('/rosa');
    await ruben.goto('/rosa');
  }
});

afterAll(async () => {
  await browser?.close();
});

const box = (page: Page) => page.getByRole('textbox', { name: 'Comment', exact: true });
const message = (page: Page, text: string) =>
  page.getByRole('log').locator('.chat-message[data-seq]', { has: page.locator('.chat-text', { hasText: text }) });

async function say(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await page.keyboard.press('Enter');
  await message(page, text).waitFor();
}

test.runIf(here)('what is removed is gone from above its answers, and back when that is undone', async () => {
  await say(ruben.page, 'the first word');
  await message(rosa.page, 'the first word').hover();
  await message(rosa.page, 'the first word').getByRole('button', { name: 'Reply', exact: true }).click();
  await say(rosa.page, 'an answer');
  const quote = message(ruben.page, 'an answer').locator('.chat-reply');
  await quote.click();
  expect(await message(ruben.page, 'the first word').evaluate((row) => row === document.activeElement)).toBe(true);
  await message(rosa.page, 'the first word').getByRole('button', { name: 'Actions' }).click();
  await rosa.page.getByRole('menuitem', { name: 'Delete', exact: true }).click();
  await waitFor('the quote is gone', async () => !(await quote.textContent())?.includes('first word'));
  expect(await quote.textContent()).toContain('Comment removed');
  await rosa.page.getByRole('button', { name: 'Undo' }).click();
  await waitFor('the quote is back', async () => (await quote.textContent())?.includes('first word') ?? false);
});

test.runIf(here)('who is here, their card and a mention, by keyboard', async () => {
  const { page } = ruben;
  await page.getByRole('button', { name: 'Who is here' }).focus();
  await page.keyboard.press('Enter');
  const list = page.getByRole('region', { name: 'Who is here' });
  await list.getByRole('button', { name: 'rosa' }).focus();
  await page.keyboard.press('Enter');
  const card = page.getByRole('dialog', { name: 'rosa' });
  await card.getByText('Joined').waitFor();
  expect(await card.getByRole('button', { name: 'Ban' }).count()).toBe(0);
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
  await list.getByRole('button', { name: 'rosa' }).press('Escape');
  await list.waitFor({ state: 'hidden' });
  // The owner has tools in the same card.
  await message(rosa.page, 'the first word').locator('.chat-name').click();
  const owners = rosa.page.getByRole('dialog', { name: 'ruben' });
  await owners.getByRole('button', { name: 'Ban', exact: true }).waitFor();
  await owners.getByRole('button', { name: 'Mention' }).click();
  expect(await box(rosa.page).inputValue()).toBe('@ruben ');
});

test.runIf(here)('emoji are found by name, and said; commands are listed for whoever may', async () => {
  const { page } = ruben;
  await page.getByRole('button', { name: 'Emotes' }).click();
  await page.getByRole('searchbox', { name: 'Search by name' }).fill('red heart');
  await page.getByRole('button', { name: 'red heart', exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await waitFor('it is in the box', async () => (await box(page).inputValue()) === '❤️');
  await box(page).press('Enter');
  await message(rosa.page, '❤️').waitFor();
  await box(page).pressSequentially('/');
  expect(await page.getByRole('option').count()).toBe(0);
  await box(page).fill('');
  await box(rosa.page).fill('');
  await box(rosa.page).pressSequentially('/ti');
  await rosa.page.getByRole('option', { name: '/timeout' }).waitFor();
  await box(rosa.page).fill('');
});

test.runIf(here)('the box in the player says through the room, and hears why not', async () => {
  const sayThere = (text: string) =>
    ruben.page.evaluate(
      (said) =>
        new Promise((done) => {
          document.addEventListener('millrace:said', (event) => done((event as CustomEvent).detail), { once: true });
          document.dispatchEvent(new CustomEvent('millrace:say', { detail: { text: said } }));
        }),
      text,
    );
  expect(await sayThere('over the picture')).toEqual({});
  await message(rosa.page, 'over the picture').waitFor();
  expect(await sayThere('over the picture')).toEqual({ refusal: 'You’ve just sent the same comment.' });
  expect(await box(ruben.page).inputValue()).toBe('');
  expect(ruben.errors.concat(rosa.errors)).toEqual([]);
});

test.runIf(here)('who is signed out is told why, and comes back here', async () => {
  const stranger = await Person.at(browser, site);
  await stranger.goto('/rosa');
  const room = stranger.page.locator('chat-room');
  expect(await room.getByRole('link', { name: 'Sign up to comment' }).getAttribute('href')).toBe(
    '/signup?for=comment&channel=rosa',
  );
  expect(await room.getByRole('link', { name: 'Log in', exact: true }).getAttribute('href')).toBe(
    '/login?continue=/rosa',
  );
  await stranger.goto('/popout/rosa');
  expect(await stranger.page.title()).toContain('rosa – Chat');
  await stranger.leave();
});
