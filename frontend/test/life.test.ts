// One site from its first second to its last: everything is asked for at once, the moment its port opens; somebody becomes its admin,
// somebody streams, an admin ends them; the site is killed and started again; SIGTERM ends it.
import { connect } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { here, openBrowser } from './support/common';
import { Publisher, StubbornPublisher } from './support/ffmpeg';
import { ADMIN, Person } from './support/person';
import { SiteProcess } from './support/site';
import { waitFor } from './support/wait';

const PAGES = [
  '/',
  '/signup',
  '/login',
  '/search?q=a',
  '/categories',
  '/privacy',
  '/following',
  '/api/v1/openapi',
  '/nobody',
  '/embed/nobody',
];

function opens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

let site: SiteProcess;
let browser: Browser;

beforeAll(async () => {
  // Virtual threads, were there any, would have a single carrier: what waits for another thread's class would wait for ever.
  site = await SiteProcess.prepare([
    '-Djdk.virtualThreadScheduler.parallelism=1',
    '-Djdk.virtualThreadScheduler.maxPoolSize=1',
  ]);
  if (here) {
    browser = await openBrowser();
  }
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

test('thirty requests the moment the port opens are answered, and so is the next one', async () => {
  // Classes are loaded for the first time.
  site.spawn();
  await waitFor(
    'the port opens',
    () => opens(site.port),
    240_000, // tells a start that hangs from one on a busy machine
    () => site.log().slice(-3_000),
  );
  const asked = [...PAGES, ...PAGES, ...PAGES].map(async (path) => {
    const answer = await fetch(`${site.url}${path}`, { redirect: 'manual', signal: AbortSignal.timeout(60_000) });
    await answer.arrayBuffer();
    return `${path} ${answer.status}`;
  });
  const answers = await Promise.all(asked);
  expect(answers.filter((answer) => / 5\d\d$/.test(answer))).toEqual([]);
  expect((await fetch(`${site.url}/login`, { signal: AbortSignal.timeout(10_000) })).status).toBe(200);
  // The port opens a moment before the site calls itself started.
  await waitFor('the site says that it is well', async () => {
    const health = await fetch(`${site.url}/actuator/health`, { signal: AbortSignal.timeout(10_000) });
    return ((await health.json()) as { status: string }).status === 'UP';
  });
}, 300_000);

test.runIf(here)('sign up, get a key, publish, watch, be ended by an admin, stay blocked', async () => {
  const admin = await Person.at(browser, site);
  await admin.becomeFirstAdmin(ADMIN);
  expect(new URL(admin.page.url()).pathname).toBe('/admin/setup/site');

  const anna = await Person.at(browser, site);
  await anna.signUp('anna');
  const key = await anna.newKey('home PC');
  expect(key).toMatch(/^mr_[a-z2-7]{34}$/);
  expect(await anna.page.getByLabel('Server', { exact: true }).inputValue()).toBe(
    `rtmp://localhost:${site.rtmpPort}/live`,
  );

  const viewer = await Person.at(browser, site);
  await viewer.goto('/nobody-here');
  expect(await viewer.page.getByRole('heading').textContent()).toBe('Page not found');
  await viewer.goto('/anna');
  expect(await viewer.state()).toBe('OFFLINE');

  const published = Date.now();
  const publisher = Publisher.start(`${site.rtmp}/${key}`);
  await viewer.seesMovingPicture();
  expect(Date.now() - published).toBeLessThan(25_000);
  expect(await viewer.state()).toBe('LIVE');
  const before = await viewer.pixels();
  await waitFor('the picture changes', async () => (await viewer.pixels()) !== before);

  // The streamer sees what the encoder sends, without reloading.
  await waitFor('the studio shows the codec', async () =>
    ((await anna.page.locator('[data-fact="video"]').textContent()) ?? '').includes('H.264 480×270'),
  );
  await waitFor('the studio shows the key interval', async () =>
    ((await anna.page.locator('[data-fact="interval"]').textContent()) ?? '').startsWith('2 s'),
  );
  await expect.poll(() => anna.page.locator('attempt-log').textContent(), { timeout: 30_000 }).toContain('Connected');

  await viewer.goto('/');
  await viewer.page.getByRole('link', { name: /anna/ }).first().click();
  await viewer.seesMovingPicture();

  await admin.goto('/admin');
  await admin.page.locator('.wall-tile summary').first().click();
  await admin.page.locator('.wall-tile').first().getByRole('button', { name: 'End stream…' }).click();
  await admin.page.getByRole('dialog').getByRole('button', { name: 'End stream' }).click();
  await publisher.exited;
  await waitFor('the page says so', async () => (await viewer.state()) === 'ENDED');

  const again = Publisher.start(`${site.rtmp}/${key}`);
  await again.exited;
  expect(again.said).toContain('may not publish');
  await expect
    .poll(() => anna.page.locator('attempt-log').textContent(), { timeout: 30_000 })
    .toContain('an admin blocked this key');

  expect([...admin.errors, ...anna.errors, ...viewer.errors]).toEqual([]);
  await Promise.all([admin.leave(), anna.leave(), viewer.leave()]);
});

test.runIf(here)(
  'after a kill of the site the open page plays on without a reload',
  async () => {
    const stella = await Person.at(browser, site);
    await stella.enrol('stella');
    const publisher = new StubbornPublisher(`${site.rtmp}/${await stella.newKey('stubborn')}`);
    await stella.leave();
    const viewer = await Person.at(browser, site);
    await viewer.goto('/stella');
    try {
      await viewer.seesMovingPicture();
      await viewer.page.evaluate(() => Object.assign(window, { notReloaded: true }));
      const player = viewer.page.locator('live-player');
      const before = await player.getAttribute('data-broadcast');
      await site.kill();
      await site.launch(true);
      // What was buffered has been played by now.
      await waitFor('the broadcast is on again', async () => (await viewer.state()) === 'LIVE', 90_000);
      await viewer.seesMovingPicture(90_000);
      // It outlived its process: nobody was told of another one.
      expect(await player.getAttribute('data-broadcast')).toBe(before);
      expect(await viewer.page.evaluate(() => 'notReloaded' in window)).toBe(true);
    } finally {
      await publisher.stop();
    }
    await viewer.leave();
  },
  300_000,
);

// The last start was a plain one.
test.runIf(SiteProcess.packed())('a jar replaces itself by what it unpacks, with its cache and its beans', () => {
  const command = site.commandLine();
  expect(command).toContain('-Dspring.aot.enabled=true');
  expect(command.some((part) => /^-XX:AOTCache=.*\/data\/program\/[0-9a-f]{16}\/millrace\.aot$/.test(part))).toBe(true);
});

test('SIGTERM ends it', async () => {
  expect(await site.stop()).toBe(143);
});
