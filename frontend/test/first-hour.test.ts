// The first hour as two people live it: one by keyboard alone, one by touch alone. Nothing is clicked by a mouse, and wherever the tab key
// leads, one sees where that is.
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { Publisher } from './support/ffmpeg';
import { PASSWORD, Person } from './support/person';
import type { Site } from './support/site';
import { waitFor } from './support/wait';

const KIRA = 'kira';
const KOLJA = 'kolja';
const KIT = 'kit';

/** More steps than any of these pages has between what one does and what one does next. */
const MOST_STEPS = 200;
const FINGER = 40;
const POINTER = 24;

let site: Site;
let browser: Browser;
let kira: Person;
let kolja: Person;
let kit: Person;
let publisher: Publisher | undefined;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
    kira = await Person.at(browser, site, { permissions: ['clipboard-read', 'clipboard-write'] });
    kolja = await Person.at(browser, site);
    await kolja.signUp(KOLJA);
    kit = await Person.at(browser, site, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
  }
});

afterAll(async () => {
  await publisher?.stop();
  await browser?.close();
});

// ---- by keyboard ---------------------------------------------------------------------------------------------------

/** Whether one sees that something has the focus: it is in view, and an outline is drawn around it or around what it is in. */
const seen = (target: Locator) =>
  target.evaluate((element) => {
    const drawn = (of: Element | null) => {
      const style = of && getComputedStyle(of);
      return Boolean(style && style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2);
    };
    const box = element.getBoundingClientRect();
    const inView =
      box.width > 0 && box.bottom > 0 && box.top < window.innerHeight && box.right > 0 && box.left < window.innerWidth;
    const shown = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const marked = element.matches(':focus-visible') && [element, element.closest('label, .chat-box')].some(drawn);
    return inView && shown && marked ? 'yes' : `in view: ${inView}, shown: ${shown}, marked: ${marked}`;
  });

/** Walks by Tab, or back, until something has the focus. */
async function to(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  await target.waitFor();
  const handle = await target.elementHandle();
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    if (await page.evaluate((element) => element === document.activeElement, handle)) {
      await expect.poll(() => seen(target), { message: `${target} shows that it has the focus` }).toBe('yes');
      return;
    }
    await page.keyboard.press(key);
  }
  throw new Error(`${target} cannot be reached by ${key}`);
}

/** Walks to something and does it. */
async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await to(page, target);
  await page.keyboard.press(key);
}

async function type(page: Page, target: Locator, text: string): Promise<void> {
  await to(page, target);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

const hasFocus = (target: Locator) => target.evaluate((element) => element === document.activeElement);
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true });
const copyOf = (page: Page, field: string) =>
  page.locator('copy-field', { has: page.locator(field) }).getByRole('button');
const comment = (page: Page) => page.getByRole('textbox', { name: 'Comment', exact: true });
const message = (page: Page, text: string) =>
  page.locator('.chat-message[data-seq]', { has: page.locator('.chat-text', { hasText: text }) });

async function signUp(page: Page, name: string): Promise<void> {
  // The first field has the focus already.
  await waitFor('the field has the focus', () => hasFocus(page.getByLabel('Username', { exact: true })));
  await type(page, page.getByLabel('Username', { exact: true }), name);
  await type(page, page.getByLabel('Email', { exact: true }), `${name}@example.org`);
  await type(page, page.getByLabel('Password', { exact: true }), PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.startsWith('/signup'));
}

test.runIf(here)('by keyboard alone: from the first page to a stream', async () => {
  const { page } = kira;
  await kira.goto('/');
  // The first stop leads past the header.
  await to(page, link(page, 'Skip to content'));
  await press(page, page.locator('.site-header').getByRole('link', { name: 'Go live' }));
  await page.waitForURL('**/signup**');
  await signUp(page, KIRA);
  await press(page, link(page, 'Connect').first());
  await press(page, copyOf(page, '#server'));
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await page.getByLabel('Server').inputValue());
  await press(page, button(page, 'New key'));
  await waitFor('the name of the key is asked', () => hasFocus(page.getByLabel('Key name')));
  await page.keyboard.type('desk');
  await page.keyboard.press('Enter');
  await press(page, copyOf(page, '#stream-key'));
  const key = await page.evaluate(() => navigator.clipboard.readText());
  expect(key).toMatch(/^mr_/);
  publisher = Publisher.start(`${site.rtmp}/${key}`);
  await page.locator('.checks [data-step="live"][data-done]').waitFor();

  await press(page, link(page, 'Dashboard'));
  await page.locator('studio-preview[data-picture]').waitFor();
  await press(page, page.locator('.preview-listen'), 'Space');
  await type(page, page.getByLabel('Title', { exact: true }), 'By keys');
  await page.keyboard.press('Enter');
  await page.getByText('Saved.').waitFor();
  // Whoever may is offered commands; what is done is said.
  await to(page, comment(page));
  await page.keyboard.type('/ti');
  await page.getByRole('option', { name: '/title' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.type('By keys alone');
  await page.keyboard.press('Enter');
  await waitFor('the command is done', async () => (await comment(page).inputValue()) === '');
  await page.keyboard.type('welcome');
  await page.keyboard.press('Enter');
  await message(page, 'welcome').waitFor();

  await press(page, link(page, 'Chat').first());
  await type(page, page.locator('#username'), KOLJA);
  await page.keyboard.press('Enter');
  await page.locator('#moderators').getByRole('link', { name: KOLJA }).waitFor();
});

test.runIf(here)('by keyboard alone: another finds the stream, watches, and takes part', async () => {
  const { page } = kolja;
  await kolja.goto('/');
  await press(page, page.locator(`main a[href="/${KIRA}"]:not([tabindex="-1"])`).first());
  await page.waitForURL(`**/${KIRA}`);
  await kolja.seesMovingPicture();

  const sound = page.locator('.player-bar [data-do="mute"]');
  const was = await sound.getAttribute('aria-label');
  await press(page, sound);
  await expect.poll(() => sound.getAttribute('aria-label')).not.toBe(was);
  await page.keyboard.press('Space');
  await expect.poll(() => sound.getAttribute('aria-label')).toBe(was);
  const settings = button(page, 'Playback settings');
  await press(page, settings);
  const latency = page.locator('.stage-menu [name="latency"]:checked');
  await waitFor('the menu has the focus', () =>
    page.evaluate(() => Boolean(document.activeElement?.closest('.stage-menu'))),
  );
  await to(page, latency);
  const chosen = await latency.getAttribute('value');
  await page.keyboard.press('ArrowDown');
  expect(await latency.getAttribute('value')).not.toBe(chosen);
  await page.keyboard.press('Escape');
  expect(await hasFocus(settings)).toBe(true);
  await press(page, button(page, 'Theatre'));
  expect(await page.locator('.site-header').isVisible()).toBe(false);
  await page.keyboard.press('Enter');
  await press(page, button(page, 'Full screen'));
  await waitFor('the picture fills the screen', () => page.evaluate(() => document.fullscreenElement !== null));
  await press(page, button(page, 'Exit full screen'));
  await waitFor('the page is back', () => page.evaluate(() => document.fullscreenElement === null));

  await press(page, button(page, 'Follow'));
  await waitFor('it is followed', () => hasFocus(button(page, 'Unfollow')));
  await press(page, button(page, 'Share'));
  await to(page, copyOf(page, '#share-link'));
  await page.keyboard.press('Escape');
  expect(await hasFocus(button(page, 'Share'))).toBe(true);

  await press(page, button(page, 'Emotes'));
  await waitFor('names can be typed', () => hasFocus(page.getByRole('searchbox', { name: 'Search by name' })));
  await page.keyboard.type('red heart');
  await button(page, 'red heart').waitFor();
  await page.keyboard.press('ArrowDown');
  expect(await hasFocus(button(page, 'red heart'))).toBe(true);
  await page.keyboard.press('Enter');
  await waitFor('it can be sent', () => hasFocus(comment(page)));
  await page.keyboard.press('Enter');
  await message(page, '❤️').waitFor();
  // One step back from the box are the comments; the arrows walk them, and the tab key reaches what can be done about one.
  await to(page, page.getByRole('log'), 'Shift+Tab');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  expect(await hasFocus(message(page, 'welcome'))).toBe(true);
  await press(page, message(page, 'welcome').getByRole('button', { name: 'Reply', exact: true }));
  expect(await hasFocus(comment(page))).toBe(true);
  await page.keyboard.type('thank you');
  await page.keyboard.press('Enter');
  await message(page, 'thank you').locator('.chat-reply').waitFor();
  await to(page, page.getByRole('log'), 'Shift+Tab');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  const actions = message(page, 'welcome').getByRole('button', { name: 'Actions' });
  await press(page, actions);
  await to(page, page.getByRole('menuitem', { name: 'Report' }), 'ArrowDown');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Report' });
  await to(page, dialog.getByLabel('What’s wrong?'));
  await page.keyboard.press('ArrowDown');
  await press(page, dialog.getByRole('button', { name: 'Send report' }));
  await dialog.getByRole('status').waitFor();
  await page.keyboard.press('Enter');
  expect(await hasFocus(actions)).toBe(true);

  await press(page, button(page, 'Your menu'));
  await press(page, page.locator('#account-menu').getByRole('link', { name: 'Settings' }));
  await page.waitForURL('**/settings');
  await press(page, button(page, 'Your menu'));
  await press(page, button(page, 'Log out'));
  await page.locator('.site-header').getByRole('link', { name: 'Log in' }).waitFor();
  expect(kira.errors.concat(kolja.errors)).toEqual([]);
});

// ---- by touch ------------------------------------------------------------------------------------------------------

/** What is too small for a finger: below 24 px anywhere, below 40 px in what one holds on to. Links within a sentence are as high as it. */
const small = (page: Page) =>
  page.evaluate(
    ([finger, pointer]) =>
      [
        ...document.querySelectorAll<HTMLElement>(
          'a[href], button, input:not([type="hidden"]), select, textarea, summary',
        ),
      ]
        .filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
        .filter(
          (element) =>
            !element.matches(
              '.visually-hidden, .skip, [type="checkbox"], [type="radio"], :is(p, li, dd) > a, .step-link, .chat-name, .chat-text a',
            ),
        )
        .flatMap((element) => {
          const box = element.getBoundingClientRect();
          const least = element.closest(
            '.player-bar, .stage-menu, .tabbar, .chat-head, .chat-form, .pop-menu, .channel-actions',
          )
            ? finger
            : pointer;
          return box.width > 0 && (box.width < least || box.height < least)
            ? [`${element.outerHTML.slice(0, 90)} ${Math.round(box.width)} × ${Math.round(box.height)}`]
            : [];
        }),
    [FINGER - 0.5, POINTER - 0.5] as const,
  );

test.runIf(here)('by touch alone: a stream is found, watched and talked about', async () => {
  const { page } = kit;
  const fits = async () => {
    expect(await small(page), page.url()).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), page.url()).toBeLessThanOrEqual(390);
  };
  const tabbar = page.locator('.tabbar');
  const write = async (field: Locator, text: string) => {
    await field.tap();
    await page.keyboard.type(text);
  };
  await kit.goto('/');
  await fits();
  await page.locator(`main a[href="/${KIRA}"]:not([tabindex="-1"])`).first().tap();
  await page.waitForURL(`**/${KIRA}`);
  await kit.seesMovingPicture();
  await page.locator('chat-room').getByRole('link', { name: 'Sign up to comment' }).tap();
  await page.waitForURL('**/signup**');
  await fits();
  await write(page.getByLabel('Username', { exact: true }), KIT);
  await write(page.getByLabel('Email', { exact: true }), `${KIT}@example.org`);
  await write(page.getByLabel('Password', { exact: true }), PASSWORD);
  await page.locator('main').getByRole('button', { name: 'Sign up' }).tap();
  await page.waitForURL(`**/${KIRA}`);

  await kit.seesMovingPicture();
  await fits();
  // The first touch shows what there is, and stops nothing.
  await page.locator('live-player video').tap();
  await page.locator('.player-bar.shown').waitFor();
  expect(await page.locator('video').evaluate((video) => (video as HTMLVideoElement).paused)).toBe(false);
  const sound = page.locator('.player-bar [data-do="mute"]');
  const was = await sound.getAttribute('aria-label');
  await sound.tap();
  await expect.poll(() => sound.getAttribute('aria-label')).not.toBe(was);
  await button(page, 'Playback settings').tap();
  await page.locator('.stage-menu').waitFor();
  await fits();
  await page.locator('.stage-menu label', { hasText: 'Stable' }).tap();
  await page.locator('h1').tap();
  await page.locator('.stage-menu').waitFor({ state: 'hidden' });
  await button(page, 'Follow').tap();
  await button(page, 'Unfollow').waitFor();
  await page.locator('.channel-unfold').tap();
  await button(page, 'Share').tap();
  await page.locator('#share .share-code svg').waitFor();
  await fits();
  await page.locator('#share').getByRole('button', { name: 'Close' }).tap();
  await page.locator('.channel-unfold').tap();
  await page.locator('.watch-tabs').getByRole('button', { name: 'About' }).tap();
  await page.locator('.watch-tabs').getByRole('button', { name: 'Chat' }).tap();

  await button(page, 'Emotes').tap();
  await page.locator('.picker-tabs button').nth(1).tap();
  await page.locator('.picker-pick').first().tap();
  await fits();
  await button(page, 'Emotes').tap();
  await write(comment(page), ' hello');
  await page.locator('.chat-send').tap();
  await message(page, 'hello').waitFor();
  // A touch of a comment shows what can be done about it.
  await message(page, 'welcome').locator('.chat-text').tap();
  await message(page, 'welcome').getByRole('button', { name: 'Reply', exact: true }).tap();
  await page.keyboard.type('from a phone');
  await page.locator('.chat-send').tap();
  await message(page, 'from a phone').locator('.chat-reply').waitFor();
  await message(page, 'welcome').locator('.chat-text').tap();
  await message(page, 'welcome').getByRole('button', { name: 'Actions' }).tap();
  await fits();
  await page.getByRole('menuitem', { name: 'Report' }).tap();
  const dialog = page.getByRole('dialog', { name: 'Report' });
  await dialog.getByLabel('What’s wrong?').selectOption({ index: 1 });
  await dialog.getByRole('button', { name: 'Send report' }).tap();
  await dialog.getByRole('status').waitFor();
  await fits();
  await dialog.getByRole('button', { name: 'Close' }).tap();

  await page.locator('.site-header .brand').tap();
  await page.waitForURL(`${site.url}/`);
  await tabbar.getByRole('link', { name: 'Following' }).tap();
  await page.waitForURL('**/following');
  await page.locator('main').getByText(KIRA).first().waitFor();
  await fits();
  await tabbar.getByRole('link', { name: 'Inbox' }).tap();
  await page.waitForURL('**/notifications');
  await fits();
  await tabbar.getByRole('button', { name: 'Me', exact: true }).tap();
  await page.locator('#account-menu').getByRole('link', { name: 'Settings' }).tap();
  await page.waitForURL('**/settings');
  await fits();
  await tabbar.getByRole('link', { name: 'Go live' }).tap();
  await page.waitForURL('**/studio');
  await fits();
  await tabbar.getByRole('button', { name: 'Me', exact: true }).tap();
  await button(page, 'Log out').tap();
  await tabbar.getByRole('link', { name: 'Me', exact: true }).waitFor();
  expect(kit.errors).toEqual([]);
});
