// Moderation: a raid that one person stops, a report that staff decide.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { ADMIN, Person } from './support/person';
import { Raider } from './support/raider';
import type { Site } from './support/site';
import { waitFor } from './support/wait';

/** A folder for pictures of what happens, for whoever wants to look. */
const PICTURES = process.env.MILLRACE_PICTURES;
const RAIDERS = 200;
let site: Site;
let browser: Browser;
let admin: Person;
let olga: Person;
let omar: Person;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
    admin = await Person.at(browser, site);
    await admin.logIn(ADMIN);
    olga = await Person.at(browser, site);
    await olga.enrol('olga');
    omar = await Person.at(browser, site);
    await omar.enrol('omar');
  }
});

afterAll(async () => {
  await browser?.close();
});

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES) {
    await page.screenshot({ path: `${PICTURES}/${name}.png` });
  }
}

const log = (page: Page) => page.getByRole('log');
const message = (page: Page, text: string) => log(page).locator('.chat-message[data-seq]', { hasText: text });

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Comment', exact: true }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
  await message(page, text).waitFor();
}

async function choose(page: Page, text: string, ...items: string[]): Promise<void> {
  await message(page, text).getByRole('button', { name: 'Actions' }).click();
  for (const item of items) {
    await page.getByRole('menuitem', { name: item, exact: true }).click();
  }
}

test.runIf(here)(
  'what is done on a message is seen by everybody, told to whom it hits, and can be undone',
  async () => {
    await olga.goto('/olga');
    await omar.goto('/olga');
    const stranger = await Person.at(browser, site);
    await stranger.goto('/olga');
    await say(omar.page, 'something rude');
    await choose(olga.page, 'something rude', 'Delete');
    await log(stranger.page).getByText('Comment removed').waitFor();
    expect(await message(olga.page, 'something rude').textContent()).toContain('removed by olga');
    await olga.page.getByRole('button', { name: 'Undo' }).click();
    await message(stranger.page, 'something rude').waitFor();

    // Seen while it lasts.
    await choose(olga.page, 'something rude', 'Time out', '10 seconds');
    await omar.page.getByText('You’re timed out.').waitFor();
    expect(await omar.page.getByRole('textbox', { name: 'Comment', exact: true }).isVisible()).toBe(false);
    await omar.page.getByRole('textbox', { name: 'Comment', exact: true }).waitFor({ timeout: 20_000 });

    await choose(olga.page, 'something rude', 'Ban');
    await omar.page.getByText('You’re banned from this chat.').waitFor();
    await log(stranger.page).getByText('Comment removed').waitFor();
    await omar.page.reload();
    await omar.page.getByText('You’re banned from this chat.').waitFor();
    await olga.page.getByRole('textbox', { name: 'Comment', exact: true }).fill('/unban omar');
    await olga.page.keyboard.press('Enter');
    await omar.page.getByRole('textbox', { name: 'Comment', exact: true }).waitFor();
    await stranger.leave();
    expect(omar.errors.concat(olga.errors)).toEqual([]);
  },
);

test.runIf(here)(
  'a raid of two hundred accounts is stopped by one person in some clicks',
  async () => {
    // By hand: the shield does not go up by itself.
    await olga.goto('/studio/moderation');
    await olga.page.getByLabel('Turn on automatically').uncheck();
    await olga.page.locator('#shield').getByRole('button', { name: 'Save' }).click();
    await olga.goto('/olga');
    const raiders = await Raider.signUpAll(
      site,
      [...Array(RAIDERS).keys()].map((i) => `raid-${i}-zz`),
    );
    await Promise.all(raiders.map((raider) => raider.join('olga')));
    for (const [i, raider] of raiders.entries()) {
      raider.say('olga', `hello from raider ${i}, follow us`);
    }
    await waitFor('the raid is there', () => raiders.every((raider) => raider.heard.includes('"type":"said"')));
    await picture(olga.page, 'raid-1');
    const start = Date.now();
    const shield = olga.page.getByRole('button', { name: 'Shield mode', exact: true });
    await shield.click();
    await olga.page.getByRole('menuitem', { name: 'Turn shield mode on' }).click();
    await olga.page.getByText('Shield mode: accounts').waitFor();
    await picture(olga.page, 'raid-2');
    await shield.click();
    await olga.page.getByRole('menuitem', { name: 'Ban raid accounts' }).click();
    // And omar, when he came new and wrote a moment before.
    await olga.page.getByText(/20[01] accounts are banned/).waitFor();
    await waitFor(
      'every message of the raid is struck',
      async () => (await log(olga.page).locator('.chat-message[data-seq]:not(.chat-removed)').count()) <= 1,
    );
    const millis = Date.now() - start;
    await picture(olga.page, 'raid-3');
    expect(millis).toBeLessThan(60_000);
    for (const raider of raiders) {
      raider.heard = '';
      raider.say('olga', 'still here?');
    }
    await waitFor('all are refused', () => raiders.every((raider) => raider.heard.includes('"reason":"banned"')));
    // Whoever comes now sees nothing of it.
    await say(olga.page, 'all is calm');
    const stranger = await Person.at(browser, site);
    await stranger.goto('/olga');
    await message(stranger.page, 'all is calm').waitFor();
    expect(await message(stranger.page, 'raider').count()).toBe(0);
    await picture(stranger.page, 'raid-4');
    await stranger.leave();
    for (const raider of raiders) {
      raider.leave();
    }
    console.log(`raid of ${RAIDERS}: calm ${millis} ms after the first click`);
    await shield.click();
    await olga.page.getByRole('menuitem', { name: 'Turn shield mode off' }).click();
  },
  480_000,
);

test.runIf(here)('a report is decided by staff and both sides hear of it', async () => {
  await omar.goto('/olga');
  await olga.goto('/olga');
  await say(olga.page, 'an unkind word');
  await choose(omar.page, 'an unkind word', 'Report');
  await omar.page.getByLabel('What’s wrong?').selectOption({ label: 'Harassment' });
  await omar.page.getByRole('button', { name: 'Send report' }).click();
  await omar.page.getByText('Thank you. Staff will review it').waitFor();
  await omar.page.getByRole('button', { name: 'Close' }).click();

  await admin.goto('/admin');
  await admin.page
    .getByRole('link', { name: /^Reports/ })
    .first()
    .click();
  // Others report at the same time.
  await admin.page
    .getByRole('row', { name: /an unkind word/ })
    .getByRole('link', { name: /^#\d+$/ })
    .click();
  await admin.page.getByRole('button', { name: 'Take this case' }).click();
  await picture(admin.page, 'case');
  await admin.page.getByLabel('Decision', { exact: true }).selectOption({ label: 'Hide content' });
  await admin.page.getByLabel('Reason (the user sees it)').fill('Please be kind.');
  await admin.page.getByRole('button', { name: 'Decide…' }).click();
  await admin.page.getByRole('dialog').getByRole('button', { name: 'Decide' }).click();
  await admin.page.getByText('Done.').waitFor();

  await log(omar.page).getByText('Comment removed').waitFor();
  await omar.page.getByRole('button', { name: 'Notifications' }).click();
  await omar.page.getByText('We took action on your report').waitFor();
  await olga.page.getByRole('button', { name: 'Notifications' }).click();
  await olga.page.getByRole('link', { name: /Staff made a decision/ }).click();
  await olga.page.getByText('Please be kind.').waitFor();
  await olga.page.getByLabel('Reason for the appeal').fill('It was a quotation.');
  await olga.page.getByRole('button', { name: 'Send appeal' }).click();
  await olga.page.getByText('Appeal sent.').waitFor();
  await picture(olga.page, 'appeal');
  await admin.goto('/admin/audit');
  await admin.page.getByRole('cell', { name: 'Decided a case' }).first().waitFor();
});
