// Order: a raid that one person stops, a report that staff decide, a publisher that stays away until its block ends.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StubbornPublisher } from './support/ffmpeg';
import { openBrowser, Person } from './support/person';
import { Raider } from './support/raider';
import { Site } from './support/site';
import { waitFor } from './support/wait';

const here = process.env.MILLRACE_NO_BROWSER !== 'true';
/** A folder for pictures of what happens, for whoever wants to look. */
const PICTURES = process.env.MILLRACE_PICTURES;
const RAIDERS = 200;
let site: Site;
let browser: Browser;
let keeper: Person;
let anna: Person;
let bob: Person;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = await Site.start('--millrace.rtmp.grace=5s');
    keeper = await Person.at(browser, site);
    await keeper.becomeFirstAdmin('keeper');
    anna = await Person.at(browser, site);
    await anna.signUp('anna');
    bob = await Person.at(browser, site);
    await bob.signUp('bob');
  }
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES) {
    await page.screenshot({ path: `${PICTURES}/${name}.png` });
  }
}

const log = (page: Page) => page.getByRole('log');
const line = (page: Page, text: string) => log(page).locator('.chat-line[data-seq]', { hasText: text });

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Comment', exact: true }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
  await line(page, text).waitFor();
}

async function choose(page: Page, text: string, ...items: string[]): Promise<void> {
  await line(page, text).getByRole('button', { name: 'Actions' }).click();
  for (const item of items) {
    await page.getByRole('menuitem', { name: item, exact: true }).click();
  }
}

test.runIf(here)('what is done on a line is seen by everybody, told to whom it hits, and can be undone', async () => {
  await anna.goto('/anna');
  await bob.goto('/anna');
  const stranger = await Person.at(browser, site);
  await stranger.goto('/anna');
  await say(bob.page, 'something rude');
  await choose(anna.page, 'something rude', 'Delete');
  await log(stranger.page).getByText('Comment removed').waitFor();
  expect(await line(anna.page, 'something rude').textContent()).toContain('removed by anna');
  await anna.page.getByRole('button', { name: 'Undo' }).click();
  await line(stranger.page, 'something rude').waitFor();

  const before = Date.now();
  await choose(anna.page, 'something rude', 'Time out', '10 seconds');
  await bob.page.getByText('You are timed out.').waitFor();
  expect(await bob.page.getByRole('textbox', { name: 'Comment', exact: true }).isVisible()).toBe(false);
  expect(Date.now() - before).toBeLessThan(5_000);
  await bob.page.getByRole('textbox', { name: 'Comment', exact: true }).waitFor({ timeout: 20_000 });

  await choose(anna.page, 'something rude', 'Ban');
  await bob.page.getByText('You are banned from this chat.').waitFor();
  await log(stranger.page).getByText('Comment removed').waitFor();
  await bob.page.reload();
  await bob.page.getByText('You are banned from this chat.').waitFor();
  await anna.page.getByRole('textbox', { name: 'Comment', exact: true }).fill('/unban bob');
  await anna.page.keyboard.press('Enter');
  await bob.page.getByRole('textbox', { name: 'Comment', exact: true }).waitFor();
  await stranger.leave();
  expect(bob.errors.concat(anna.errors)).toEqual([]);
});

test.runIf(here)(
  'a raid of two hundred accounts is stopped by one person in some clicks',
  async () => {
    // By hand: the shield does not go up by itself.
    await anna.goto('/studio/moderation');
    await anna.page.getByLabel('Raise it by itself').uncheck();
    await anna.page.locator('#shield').getByRole('button', { name: 'Save' }).click();
    await anna.goto('/anna');
    const raiders: Raider[] = [];
    for (let i = 0; i < RAIDERS; i += 10) {
      raiders.push(...(await Promise.all([...Array(10).keys()].map((k) => Raider.signUp(site, `raid-${i + k}-zz`)))));
    }
    await Promise.all(raiders.map((raider) => raider.join('anna')));
    for (const [i, raider] of raiders.entries()) {
      raider.say('anna', `hello from raider ${i}, follow us`);
    }
    await waitFor('the raid is there', () => raiders.every((raider) => raider.heard.includes('"type":"said"')));
    await picture(anna.page, 'raid-1');
    const start = Date.now();
    const shield = anna.page.getByRole('button', { name: 'Shield', exact: true });
    await shield.click();
    await anna.page.getByRole('menuitem', { name: 'Raise shield' }).click();
    await anna.page.getByText('The shield is up: only accounts').waitFor();
    await picture(anna.page, 'raid-2');
    await shield.click();
    await anna.page.getByRole('menuitem', { name: 'Ban the raid' }).click();
    // And bob, when he came new and wrote a moment before.
    await anna.page.getByText(/20[01] accounts are banned/).waitFor();
    await waitFor(
      'every line of the raid is struck',
      async () => (await log(anna.page).locator('.chat-line[data-seq]:not(.chat-removed)').count()) <= 1,
    );
    const millis = Date.now() - start;
    await picture(anna.page, 'raid-3');
    expect(millis).toBeLessThan(60_000);
    for (const raider of raiders) {
      raider.heard = '';
      raider.say('anna', 'still here?');
    }
    await waitFor('all are refused', () => raiders.every((raider) => raider.heard.includes('"reason":"banned"')));
    // Whoever comes now sees nothing of it.
    await say(anna.page, 'all is calm');
    const stranger = await Person.at(browser, site);
    await stranger.goto('/anna');
    await line(stranger.page, 'all is calm').waitFor();
    expect(await line(stranger.page, 'raider').count()).toBe(0);
    await picture(stranger.page, 'raid-4');
    await stranger.leave();
    for (const raider of raiders) {
      raider.leave();
    }
    console.log(`raid of ${RAIDERS}: calm ${millis} ms after the first click`);
    await shield.click();
    await anna.page.getByRole('menuitem', { name: 'Lower shield' }).click();
  },
  240_000,
);

test.runIf(here)('a report is decided by staff and both sides hear of it', async () => {
  await bob.goto('/anna');
  await anna.goto('/anna');
  await say(anna.page, 'an unkind word');
  await choose(bob.page, 'an unkind word', 'Report');
  await bob.page.getByLabel('What is wrong?').selectOption({ label: 'Harassment' });
  await bob.page.getByRole('button', { name: 'Send report' }).click();
  await bob.page.getByText('Thank you. The staff look at it').waitFor();
  await bob.page.getByRole('button', { name: 'Close' }).click();

  await keeper.goto('/admin');
  await keeper.page
    .getByRole('link', { name: /^Reports/ })
    .first()
    .click();
  await keeper.page
    .getByRole('link', { name: /^#\d+$/ })
    .first()
    .click();
  await keeper.page.getByRole('button', { name: 'Take this case' }).click();
  await picture(keeper.page, 'case');
  await keeper.page.getByLabel('Decision', { exact: true }).selectOption({ label: 'Hide it' });
  await keeper.page.getByLabel('Reason, told to whom it hits').fill('Please be kind.');
  await keeper.page.getByRole('button', { name: 'Decide' }).click();
  await keeper.page.getByText('Done.').waitFor();

  await log(bob.page).getByText('Comment removed').waitFor();
  await bob.page.getByRole('button', { name: 'Notifications' }).click();
  await bob.page.getByText('Your report helped').waitFor();
  await anna.page.getByRole('button', { name: 'Notifications' }).click();
  await anna.page.getByRole('link', { name: /The staff made a decision/ }).click();
  await anna.page.getByText('Please be kind.').waitFor();
  await anna.page.getByLabel('Why the decision was wrong').fill('It was a quotation.');
  await anna.page.getByRole('button', { name: 'Ask for another look' }).click();
  await anna.page.getByText('Sent. You will be told').waitFor();
  await picture(anna.page, 'appeal');
  await keeper.goto('/admin/audit');
  await keeper.page.getByRole('cell', { name: 'Decided a case' }).first().waitFor();
});

test.runIf(here)(
  'a publisher that staff ended stays away until its block ends',
  async () => {
    const publisher = new StubbornPublisher(`${site.rtmp}/${await bob.newKey('pc')}`);
    try {
      await keeper.goto('/admin');
      const row = keeper.page.getByRole('row', { name: /bob/ });
      await row.getByRole('button', { name: 'End stream' }).waitFor({ timeout: 30_000 });
      await picture(keeper.page, 'overview');
      await row.getByRole('spinbutton').fill('1');
      await row.getByRole('button', { name: 'End stream' }).click();
      const ended = Date.now();
      await keeper.page.getByText('ended').first().waitFor();
      await bob.goto('/studio/connect');
      await bob.page.getByText('an admin blocked this key').first().waitFor({ timeout: 30_000 });
      await keeper.goto('/admin');
      await waitFor('it is back', async () => (await row.count()) > 0, 100_000);
      expect(Date.now() - ended).toBeGreaterThan(58_000);
    } finally {
      await publisher.stop();
    }
  },
  180_000,
);
