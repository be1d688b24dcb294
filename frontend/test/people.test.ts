// People: comments, live edits, cuts of the network; what two browsers and a publisher see of each other.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { StubbornPublisher } from './support/ffmpeg';
import { Person } from './support/person';
import type { Site } from './support/site';
import { waitFor } from './support/wait';

const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
let site: Site;
let browser: Browser;
let anna: Person;
let bob: Person;
let publisher: StubbornPublisher;

beforeAll(async () => {
  if (here) {
    browser = await openBrowser();
    site = commonSite();
    anna = await Person.at(browser, site, { bypassCSP: true });
    await anna.enrol('anna');
    bob = await Person.at(browser, site, { bypassCSP: true });
    await bob.enrol('bob');
    publisher = new StubbornPublisher(`${site.rtmp}/${await anna.newKey('home PC')}`);
  }
});

afterAll(async () => {
  await publisher?.stop();
  await browser?.close();
});

const comment = (page: Page) => page.getByRole('textbox', { name: 'Comment', exact: true });
const messages = (page: Page) => page.locator('[role="log"] .chat-message[data-seq]');

async function say(page: Page, text: string): Promise<void> {
  await comment(page).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

test.runIf(here)('both see a comment that an input method composed, and Enter inside it sends nothing', async () => {
  await anna.goto('/anna');
  await bob.goto('/anna');
  await bob.seesMovingPicture();
  const box = comment(bob.page);
  await box.focus();
  const session = await bob.context.newCDPSession(bob.page);
  await session.send('Input.imeSetComposition', { text: 'nihao', selectionStart: 5, selectionEnd: 5 });
  // The Enter that chooses a candidate.
  await box.evaluate((element) =>
    element.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true }),
    ),
  );
  expect(await messages(bob.page).count()).toBe(0);
  await session.send('Input.insertText', { text: '你好，大家晚上好' });
  // Safari says that the composition has ended, and then sends the Enter that ended it.
  await box.evaluate((element) =>
    element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true })),
  );
  expect(await messages(bob.page).count()).toBe(0);
  expect(await box.inputValue()).toBe('你好，大家晚上好');
  await box.press('Enter');
  for (const person of [anna, bob]) {
    await messages(person.page).filter({ hasText: '你好，大家晚上好' }).waitFor();
  }
  expect(await box.inputValue()).toBe('');
});

test.runIf(here)('a change of the title is seen without a reload', async () => {
  await bob.page.evaluate(() => Object.assign(window, { notReloaded: true }));
  const studio = await anna.context.newPage();
  await studio.goto(`${site.url}/studio`);
  await studio.getByLabel('Title', { exact: true }).fill('Evening piano');
  await studio.getByLabel('Tags', { exact: true }).fill('piano, 钢琴');
  await studio.locator('form[action="/studio/info"]').getByRole('button', { name: 'Save' }).click();
  await bob.page.getByRole('heading', { name: 'Evening piano' }).waitFor();
  await bob.page.getByRole('link', { name: '钢琴' }).waitFor();
  expect(await bob.page.evaluate(() => 'notReloaded' in window)).toBe(true);
  await studio.close();
  await bob.goto('/search?q=钢琴');
  await bob.page.locator('.card').filter({ hasText: 'Evening piano' }).waitFor();
  await bob.goto('/anna');
});

test.runIf(here)('ten seconds without a network lose nothing and double nothing', async () => {
  await bob.seesMovingPicture();
  await waitFor('the room is there', async () => (await messages(bob.page).count()) > 0);
  const before = await messages(bob.page).count();
  // The socket is severed and cannot be opened again, as when a phone leaves a network.
  const session = await bob.context.newCDPSession(bob.page);
  await bob.page.evaluate(() => {
    const Real = WebSocket;
    Object.assign(window, { Real });
    (window as unknown as { WebSocket: unknown }).WebSocket = class {
      static readonly OPEN = 1;
      readyState = 3;
      listeners: (() => void)[] = [];
      addEventListener(kind: string, listener: () => void) {
        if (kind === 'close') {
          setTimeout(listener, 50);
        }
      }
      close() {}
      send() {}
    };
  });
  await session.send('Network.emulateNetworkConditions', {
    offline: true,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  await bob.page.evaluate(() => (window as unknown as { millraceSocket?: { sever(): void } }).millraceSocket?.sever());
  await say(bob.page, 'said while away');
  for (let i = 0; i < 4; i++) {
    await say(anna.page, `while bob is away ${i}`);
    await messages(anna.page)
      .filter({ hasText: `while bob is away ${i}` })
      .waitFor();
    await anna.page.waitForTimeout(2_400);
  }
  expect(await messages(bob.page).count()).toBe(before);
  await bob.page.evaluate(() => {
    const { Real } = window as unknown as { Real: typeof WebSocket };
    window.WebSocket = Real;
  });
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  await waitFor('bob has it all', async () => (await messages(bob.page).count()) === before + 5, 40_000);
  const texts = await messages(bob.page).locator('.chat-text').allTextContents();
  for (const text of ['said while away', ...[0, 1, 2, 3].map((i) => `while bob is away ${i}`)]) {
    expect(texts.filter((message) => message === text)).toEqual([text]);
  }
  await messages(anna.page).filter({ hasText: 'said while away' }).waitFor();
  expect(await bob.page.locator('.chat-pending').count()).toBe(0);
});

test.runIf(here)(
  'fifty messages a second scroll, two hundred are kept, and whoever reads back is left alone',
  async () => {
    const reader = await Person.at(browser, site);
    await reader.goto('/anna');
    await waitFor('the room is there', async () => (await messages(reader.page).count()) > 0);
    const flood = (seconds: number, first: number) =>
      reader.page.evaluate(
        async ([for_, from]) => {
          const { millraceSocket } = window as unknown as { millraceSocket: { receive(text: string): void } };
          let seq = from as number;
          for (let frame = 0; frame < (for_ as number) * 10; frame++) {
            const batch = Array.from({ length: 5 }, () => ({
              seq: seq++,
              at: new Date().toISOString(),
              author: { name: 'crowd', display: 'crowd', hue: 3, avatar: null, badges: [] },
              tokens: [{ t: 'text', v: `message ${seq} of a busy evening` }],
            }));
            millraceSocket.receive(JSON.stringify({ type: 'messages', topic: 'chat:anna', messages: batch }));
            await new Promise((done) => setTimeout(done, 100));
          }
        },
        [seconds, first],
      );
    const log = reader.page.getByRole('log');
    await flood(5, 1_000_000);
    await waitFor(
      'it is painted',
      async () => (await messages(reader.page).last().textContent())?.includes('1000250') ?? false,
    );
    expect(await messages(reader.page).count()).toBeLessThanOrEqual(200);
    const gap = await log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
    expect(gap).toBeLessThan(5);
    await log.evaluate((element) => {
      element.scrollTop = 400;
    });
    const looked = await log.evaluate((element) => element.scrollTop);
    await flood(2, 2_000_000);
    await reader.page.getByRole('button', { name: '100 new comments' }).waitFor();
    expect(Math.abs((await log.evaluate((element) => element.scrollTop)) - looked)).toBeLessThan(5);
    await reader.page.getByRole('button', { name: '100 new comments' }).click();
    await waitFor(
      'it is at the end',
      async () =>
        (await log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)) < 5,
    );
    await reader.leave();
  },
);

test.runIf(here)('a refused message stays in the box with its reason and a countdown', async () => {
  await anna.goto('/studio/chat');
  await anna.page.getByLabel('Slow mode (seconds)').fill('300');
  await anna.page.getByRole('button', { name: 'Save' }).click();
  await bob.page.getByText('Slow mode: 300 s').waitFor();
  // The last message is not five minutes old.
  await say(bob.page, 'two');
  await bob.page.getByText(/Slow mode is on\. You can comment again in \d/).waitFor();
  expect(await comment(bob.page).inputValue()).toBe('two');
  expect(await bob.page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
  await anna.goto('/studio/chat');
  await anna.page.getByLabel('Slow mode (seconds)').fill('0');
  await anna.page.getByLabel('Links').selectOption('HELD');
  await anna.page.getByRole('button', { name: 'Save' }).click();
});

test.runIf(here)('a held link waits for the broadcaster', async () => {
  await bob.goto('/anna');
  await anna.goto('/anna');
  await say(bob.page, 'look at https://example.org/held');
  await bob.page.getByText('Waiting for review').waitFor();
  await anna.page.getByRole('button', { name: 'Allow' }).click();
  for (const person of [anna, bob]) {
    const link = messages(person.page).getByRole('link', { name: 'example.org/held' });
    await link.waitFor();
    expect(await link.getAttribute('rel')).toContain('nofollow ugc noopener');
  }
  await waitFor('nothing waits any more', async () => (await bob.page.locator('.chat-pending').count()) === 0);
});

test.runIf(here)('a stream that is cut for five seconds is waited for and plays on', async () => {
  await bob.seesMovingPicture();
  await publisher.interrupt(5_000);
  await waitFor('the page says reconnecting', async () => (await bob.state()) === 'RECONNECTING', 15_000);
  await waitFor('it is live again', async () => (await bob.state()) === 'LIVE', 30_000);
  await bob.seesMovingPicture();
});

test.runIf(here)('the home page shows a picture of the stream', async () => {
  const stranger = await Person.at(browser, site);
  await waitFor(
    'a picture is made',
    async () => {
      await stranger.goto('/');
      return (await stranger.page.locator('[data-card="anna"] .card-picture img').count()) > 0;
    },
    40_000,
  );
  const picture = stranger.page.locator('[data-card="anna"] .card-picture img');
  await waitFor('it is drawn', () => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth > 300));
  expect(await stranger.page.locator('[data-card="anna"]').textContent()).toContain('Evening piano');
  await stranger.leave();
});

test.runIf(here)('theatre, keys and danmaku', async () => {
  await bob.page.locator('h1').click();
  await bob.page.keyboard.press('t');
  expect(await bob.page.locator('.site-header').isVisible()).toBe(false);
  expect(await bob.page.getByRole('log').isVisible()).toBe(true);
  await bob.page.keyboard.press('t');
  await bob.page.keyboard.press('?');
  await bob.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await bob.page.keyboard.press('Escape');
  const layer = bob.page.locator('danmaku-layer');
  expect(await layer.isVisible()).toBe(false);
  await bob.page.locator('live-player').hover();
  await bob.page.getByRole('button', { name: 'Danmaku', exact: true }).click();
  await say(anna.page, 'flying by');
  await waitFor('something is drawn', () =>
    bob.page.evaluate(() => {
      const canvas = document.querySelector('danmaku-layer canvas') as HTMLCanvasElement;
      const data =
        canvas.width > 0 ? canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data : undefined;
      return data?.some((value) => value > 0) ?? false;
    }),
  );
});

test.runIf(here)('on a phone the player stays in view while the chat is read', async () => {
  const phone = await Person.at(browser, site, {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  });
  await phone.goto('/anna');
  await phone.seesMovingPicture();
  await phone.page.getByRole('log').scrollIntoViewIfNeeded();
  await phone.page.evaluate(() => window.scrollTo(0, 500));
  const player = await phone.page.locator('live-player').boundingBox();
  expect(player?.y).toBeGreaterThanOrEqual(0);
  expect(player?.y).toBeLessThan(80);
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await phone.leave();
});

test.runIf(here)('axe finds nothing on any page and in what opens on it, in either language', async () => {
  const stranger = await Person.at(browser, site, { bypassCSP: true, locale: 'zh-CN' });
  const visits: [Person, string[]][] = [
    [
      stranger,
      [
        '/',
        '/anna',
        '/bob',
        '/categories',
        '/categories/music',
        '/tags/piano',
        '/search?q=piano',
        '/search?q=zzqq',
        '/login',
        '/signup',
        '/forgot',
        '/nobody-here',
        '/popout/anna',
        '/embed/anna',
      ],
    ],
    [
      anna,
      [
        '/',
        '/anna',
        '/studio',
        '/studio/connect',
        '/studio/chat',
        '/studio/channel',
        '/studio/channels',
        '/settings',
        '/settings/account',
        '/settings/password',
        '/settings/tokens',
        '/following',
        '/notifications',
      ],
    ],
  ];
  const look = async (page: Page, place: string, within?: string) => {
    await page.evaluate(AXE);
    const found = await page.evaluate(async (part) => {
      const { axe } = window as unknown as {
        axe: {
          run(within: unknown, options: unknown): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
        };
      };
      const options = { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } };
      const { violations } = await axe.run(part ?? document, options);
      return violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`);
    }, within);
    expect(found, place).toEqual([]);
  };
  await Promise.all(
    visits.map(async ([person, paths]) => {
      for (const path of paths) {
        await person.goto(path);
        await look(person.page, path);
      }
    }),
  );
  const { page } = bob;
  await bob.goto('/anna');
  await bob.seesMovingPicture();
  for (const [name, opened] of [
    ['Emotes', '.chat-picker'],
    ['Who is here', '.people-list'],
    ['Chat settings', '.pop-menu'],
    ['Your menu', '#account-menu'],
    ['Share', '#share'],
    ['Playback settings', '.stage-menu'],
  ] as const) {
    await page.locator('live-player').hover();
    await page.getByRole('button', { name, exact: true }).click();
    await page.locator(opened).waitFor();
    await look(page, name, opened);
    await page.keyboard.press('Escape');
    await page.locator(opened).waitFor({ state: 'hidden' });
  }
  expect([...anna.errors, ...bob.errors, ...stranger.errors].filter((error) => !error.includes('ERR_'))).toEqual([]);
  await stranger.leave();
});
