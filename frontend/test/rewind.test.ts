// Going back in what is live: the bar, the keys, a pause, the way home, and the chat of the moment that is seen.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { Publisher } from './support/ffmpeg';
import { Person } from './support/person';
import type { Site } from './support/site';
import { waitFor } from './support/wait';

/** Each waits for the broadcast to become long: one beside the other. */
const BESIDE = { concurrent: true };

let site: Site;
let browser: Browser;
let publisher: Publisher;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
    const thea = await Person.at(browser, site);
    await thea.enrol('thea');
    publisher = Publisher.start(`${site.rtmp}/${await thea.newKey('desk')}`);
    await thea.leave();
  }
});

afterAll(async () => {
  await publisher?.stop();
  await browser?.close();
});

/** How many seconds of the broadcast the bar spans, and how many of them lie before the picture. */
async function bar(page: Page): Promise<{ length: number; at: number; says: string }> {
  return page.locator('.player-seek').evaluate((slider) => ({
    length: Number(slider.getAttribute('aria-valuemax')),
    at: Number(slider.getAttribute('aria-valuenow')),
    says: slider.getAttribute('aria-valuetext') ?? '',
  }));
}

/** The wall clock of the picture, in milliseconds: what the list says of it. */
const shown = (page: Page) =>
  page.evaluate(() => (window as unknown as { hls?: { playingDate?: Date } }).hls?.playingDate?.getTime() ?? 0);

const onAirFor = (page: Page, seconds: number) =>
  waitFor(`it is on air for ${seconds} seconds`, async () => (await bar(page)).length >= seconds);

const inThePast = (page: Page) => page.locator('live-player[data-past][data-playing]').waitFor();
/** What is played may still hold the time, so that nothing else is fetched for it. */
const behind = (page: Page) => page.locator('live-player[data-playing]:has(.player-live:not([data-edge]))').waitFor();
const atLive = (page: Page) => page.locator('live-player:not([data-past]) .player-live[data-edge]').waitFor();

test.runIf(here)('a viewer goes back to the beginning, and home to live', BESIDE, async () => {
  const viewer = await Person.at(browser, site);
  const { page } = viewer;
  await viewer.goto('/thea');
  await viewer.seesMovingPicture();
  await onAirFor(page, 40);
  await atLive(page);
  expect((await bar(page)).says).toBe('LIVE');

  const before = await shown(page);
  await page.locator('live-player').press('j');
  await page.locator('.player-live:not([data-edge])').waitFor();
  await page.locator('live-player').press('j');
  await page.locator('live-player').press('j');
  await behind(page);
  await waitFor('the picture is thirty seconds older', async () => {
    const back = before - (await shown(page));
    return back > 15_000 && back < 32_000;
  });
  await waitFor('the bar says so', async () => /seconds? behind live$/.test((await bar(page)).says));
  expect(await page.locator('.player-live [data-fact="lag"]').innerText()).toMatch(/^−00:\d\d$/);

  // To the first picture, by the slider's own key.
  await page.locator('.player-seek').press('Home');
  await waitFor('the picture is the first one', async () => (await bar(page)).at <= 6);
  await viewer.seesMovingPicture();

  await page.locator('.player-live').click();
  await atLive(page);
  await viewer.seesMovingPicture();
  expect(await shown(page)).toBeGreaterThan(before);

  // And by the pointer, to the middle.
  const box = await page.locator('.player-seek').boundingBox();
  await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
  await behind(page);
  await waitFor('the picture is of the middle', async () => {
    const { length, at } = await bar(page);
    return Math.abs(at / length - 0.5) < 0.15;
  });
  // What was there already when it began is fetched again.
  await page.locator('.player-seek').press('Home');
  await waitFor('the picture is the first one', async () => (await bar(page)).at <= 6);
  await viewer.seesMovingPicture();
  expect((await bar(page)).at).toBeLessThan(30);
  expect(viewer.errors).toEqual([]);
  await viewer.leave();
});

test.runIf(here)('a pause keeps its place when what is live has passed it', BESIDE, async () => {
  const viewer = await Person.at(browser, site);
  const { page } = viewer;
  await viewer.goto('/thea');
  await viewer.seesMovingPicture();
  await page.locator('live-player').press('k');
  await page.locator('live-player:not([data-playing])').waitFor({ state: 'attached' });
  const left = await shown(page);
  await waitFor('it is half a minute behind', async () => /^−00:[3-5]\d$/.test(await lag(page)));
  await page.locator('live-player').press('k');
  await viewer.seesMovingPicture();
  const now = await shown(page);
  expect(Math.abs(now - left)).toBeLessThan(8_000);
  expect(viewer.errors).toEqual([]);
  await viewer.leave();
});

const lag = (page: Page) => page.locator('.player-live [data-fact="lag"]').innerText();

test.runIf(here)('the chat is that of the moment that is seen, but for what one says oneself', BESIDE, async () => {
  const tilda = await Person.at(browser, site);
  await tilda.enrol('tilda');
  await tilda.goto('/thea');
  const viewer = await Person.at(browser, site);
  await viewer.enrol('tessa');
  const { page } = viewer;
  await viewer.goto('/thea');
  await viewer.seesMovingPicture();
  await onAirFor(page, 15);
  const say = async (who: Person, text: string) => {
    const field = who.page.getByLabel('Comment', { exact: true });
    await field.fill(text);
    await field.press('Enter');
    await who.page.locator('.chat-message[data-seq]', { hasText: text }).waitFor();
  };
  await say(tilda, 'one for the past');
  await page.locator('.chat-message', { hasText: 'one for the past' }).waitFor();
  const then = Date.parse(
    (await page.locator('.chat-message', { hasText: 'one for the past' }).locator('time').getAttribute('datetime')) ??
      '',
  );
  await waitFor('it is long ago', async () => (await shown(page)) > then + 25_000);

  // When the message comes, by the picture's own clock.
  await page.evaluate(() => {
    const came: Record<string, number> = {};
    Object.assign(window, { came });
    const log = document.querySelector('.chat-log') as HTMLElement;
    new MutationObserver((changes) => {
      const { hls } = window as unknown as { hls?: { playingDate?: Date } };
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
        const text = (node as HTMLElement).querySelector?.('.chat-text')?.textContent;
        if (text) {
          came[text] = hls?.playingDate?.getTime() ?? 0;
        }
      }
    }).observe(log, { childList: true });
  });
  // So far back that what is played holds it no more.
  await page.locator('.player-seek').press('Home');
  await inThePast(page);
  await page.locator('.chat-past').waitFor();
  await say(viewer, 'said from the past');
  const came = async (text: string) =>
    page.evaluate((wanted) => (window as unknown as { came: Record<string, number> }).came[wanted] ?? 0, text);
  expect(await came('one for the past')).toBe(0);
  await waitFor('the picture comes to the message', async () => (await came('one for the past')) > 0);
  // 200 ms, and what a busy machine takes to paint.
  expect(Math.abs((await came('one for the past')) - then)).toBeLessThan(1_000);

  await page.locator('.player-live').click();
  await atLive(page);
  await page.locator('.chat-past').waitFor({ state: 'hidden' });
  await page.locator('.chat-message[data-seq]', { hasText: 'said from the past' }).waitFor();
  await page.locator('.chat-message[data-seq]', { hasText: 'one for the past' }).waitFor();
  expect(viewer.errors).toEqual([]);
  await viewer.leave();
  await tilda.leave();
});

test.runIf(here)(
  'somebody comments on what is recorded while it goes on, and a time leads to its moment',
  BESIDE,
  async () => {
    const viewer = await Person.at(browser, site);
    await viewer.enrol('tamsin');
    const { page } = viewer;
    const video = page.locator('main a[href^="/videos/"]').first();
    await waitFor('it is a video', async () => {
      await viewer.goto('/thea/videos');
      return (await video.count()) > 0;
    });
    await video.click();
    await viewer.seesMovingPicture();
    await page.evaluate(() => Object.assign(window, { stayed: true }));
    const box = page.getByLabel('Your comment');
    const send = page.getByRole('button', { name: 'Post comment' });
    await box.fill('well begun at 0:02');
    await send.click();
    const mine = page.locator('.comment', { hasText: 'well begun' });
    await mine.waitFor();
    expect(await box.inputValue()).toBe('');
    await viewer.seesMovingPicture();

    await box.fill('Well begun at 0:02');
    await send.click();
    await page.locator('.comment-form .error', { hasText: 'You’ve just sent the same comment.' }).waitFor();
    expect(await box.inputValue()).toBe('Well begun at 0:02');

    await page.locator('.player-seek').press('End');
    await waitFor('the picture is far behind the moment', async () => (await bar(page)).at > 15);
    await mine.getByRole('link', { name: '0:02' }).click();
    await waitFor('the picture is of the moment', async () => (await bar(page)).at < 10);
    await viewer.seesMovingPicture();

    await mine.getByRole('button', { name: 'Delete the comment of tamsin' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await mine.waitFor({ state: 'detached' });
    await page.getByText('No comments yet.').waitFor();
    expect(await page.evaluate(() => 'stayed' in window)).toBe(true);
    expect(viewer.errors).toEqual([]);
    await viewer.leave();
  },
);
