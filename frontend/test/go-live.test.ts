// On air from the page itself: somebody with a camera and no encoder, and those who watch, by HLS and some tenths of a second behind.
import { type Browser, type BrowserServer, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findChromium, startChromium } from './support/chromium';
import { here } from './support/common';
import { Person } from './support/person';
import { freePort, SiteProcess } from './support/site';
import { waitFor } from './support/wait';

const DEVICES = '--use-fake-device-for-media-stream';

let site: SiteProcess;
let servers: BrowserServer[] = [];
let browser: Browser;
let owner: Person;

async function withDevices(...more: string[]): Promise<Browser> {
  const server = await startChromium(findChromium() as string, DEVICES, ...more);
  servers.push(server);
  return chromium.connect(server.wsEndpoint());
}

beforeAll(async () => {
  if (here) {
    site = await SiteProcess.start(`--millrace.webrtc.port=${await freePort()}`);
    browser = await withDevices('--use-fake-ui-for-media-stream');
    owner = await Person.at(browser, site);
    await owner.becomeFirstAdmin('wilma');
  }
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
  await site?.stop();
});

const state = (person: Person, which: string) => person.page.locator(`[data-part="state"][data-state="${which}"]`);
const press = (person: Person, name: string) =>
  person.page.locator('main').getByRole('button', { name, exact: true }).click();

/** The camera, as small as can be: its picture is encoded by the processors of all tests. */
async function camera(person: Person): Promise<void> {
  await person.page.getByText('Devices and quality').click();
  await person.page.getByLabel('Quality, at most').selectOption('360');
  await press(person, 'Camera');
  await person.page.locator('[data-do="camera"][aria-pressed="true"]').waitFor();
}

test.runIf(here)('camera, screen, another network, the page loaded anew: one broadcast until it is ended', async () => {
  await owner.goto('/studio/connect');
  await owner.page.getByRole('link', { name: 'Go live from here' }).click();
  expect(await owner.page.getByRole('button', { name: 'Go live', exact: true }).isDisabled()).toBe(true);
  await camera(owner);
  await state(owner, 'OFFLINE').getByText('Ready').waitFor();
  await press(owner, 'Go live');
  await state(owner, 'LIVE').waitFor();

  const viewer = await Person.at(browser, site);
  await viewer.goto('/wilma');
  await viewer.seesMovingPicture();
  const instant = await Person.at(browser, site);
  await instant.context.addInitScript(() => localStorage.setItem('millrace-latency', '"instant"'));
  await instant.goto('/wilma');
  await instant.seesMovingPicture();
  expect(
    await instant.page.locator('live-player video').evaluate((video: HTMLVideoElement) => video.srcObject !== null),
  ).toBe(true);

  await press(owner, 'Screen');
  await owner.page.locator('[data-do="screen"][aria-pressed="true"]').waitFor();
  const before = await viewer.time();
  await waitFor('viewers go on', async () => (await viewer.time()) > before + 2);
  await owner.page.locator('[data-part="facts"]', { hasText: /\d+ × \d+/ }).waitFor();

  await press(owner, 'Mute');
  await owner.page.getByRole('button', { name: 'Unmute', exact: true }).waitFor();
  await press(owner, 'Unmute');

  await owner.context.setOffline(true);
  await state(owner, 'RECONNECTING').waitFor();
  await owner.context.setOffline(false);
  await state(owner, 'LIVE').waitFor();

  owner.page.once('dialog', (asked) => void asked.accept());
  await owner.page.reload();
  await owner.page.locator('[data-part="hint"]', { hasText: 'You were live a moment ago' }).waitFor();
  await camera(owner);
  await press(owner, 'Go on');
  await state(owner, 'LIVE').waitFor();
  const later = await viewer.time();
  await waitFor('viewers see what comes', async () => (await viewer.time()) > later + 2);
  expect((site.log().match(/live\/wilma is published/g) ?? []).length).toBe(3);

  const other = await Person.at(browser, site);
  await other.context.addCookies(await owner.context.cookies());
  await other.goto('/studio/live');
  await other.page.getByText('This channel is live already').waitFor();
  await camera(other);
  await press(other, 'Go live');
  await other.page.getByText('This channel is live from another page or device.').waitFor();
  await press(other, 'Go live here instead');
  await state(other, 'LIVE').waitFor();
  await owner.page.getByText('This channel is live from another page or device.').waitFor();

  await press(other, 'End');
  await other.page.locator('[data-part="hint"]', { hasText: 'Stream ended.' }).waitFor();
  await viewer.page.locator('live-player:not([data-playing])').waitFor();
  await owner.goto('/studio/connect');
  expect(await owner.page.locator('.key-row').count()).toBe(0);
  expect([...owner.errors, ...other.errors, ...viewer.errors, ...instant.errors]).toEqual([]);
  await Promise.all([viewer.leave(), instant.leave(), other.leave()]);
});

test.runIf(here)('who may not use the camera, and whom nothing gets through to, is told what to do', async () => {
  const denied = await Person.at(await withDevices('--use-fake-ui-for-media-stream=deny'), site);
  await denied.context.addCookies(await owner.context.cookies());
  await denied.goto('/studio/live');
  await press(denied, 'Camera');
  await denied.page.getByText('This page may not use your camera and microphone.').waitFor();
  await denied.leave();

  // As behind a wall: what the server offers leads nowhere.
  await owner.page.route('**/whip', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({
      response: answer,
      body: (await answer.text()).replace(/^(a=candidate:.* )\d+( typ)/gm, '$19$2'),
    });
  });
  await owner.goto('/studio/live');
  await camera(owner);
  await press(owner, 'Go live');
  await owner.page.getByText('The media server was not reached').waitFor();
  expect(await owner.page.locator('[data-part="problem-text"]').textContent()).toMatch(/:9 \(UDP\).* port \d+/);
  expect(owner.errors).toEqual([]);
});
