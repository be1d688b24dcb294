// A camera in a minute: from an address to a moving picture, fetched only while somebody looks.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { here, openBrowser } from './support/common';
import { ADMIN, Person } from './support/person';
import { SiteProcess } from './support/site';
import { waitFor } from './support/wait';

const PYTHON = '/usr/bin/python3';
const SCRIPT = join(import.meta.dirname, 'support/camera.py');
const SERVER = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer";

/** Whether this machine can be a camera: GStreamer's RTSP server for Python. */
const able = here && spawnSync(PYTHON, ['-c', SERVER]).status === 0;

/** A camera that says who comes and goes. */
class Camera {
  private said = '';

  private constructor(private readonly process: ChildProcess) {
    process.stdout?.on('data', (text) => {
      this.said += text;
    });
  }

  static async start(): Promise<Camera> {
    const camera = new Camera(spawn(PYTHON, [SCRIPT, '0'], { stdio: ['ignore', 'pipe', 'inherit'] }));
    await waitFor('the camera is on', () => camera.said.includes('port '));
    return camera;
  }

  get address(): string {
    return `rtsp://127.0.0.1:${/port (\d+)/.exec(this.said)?.[1]}/stream1`;
  }

  /** How many are connected. */
  get watched(): number {
    const count = (word: string) => this.said.split('\n').filter((line) => line === word).length;
    return count('came') - count('left');
  }

  stop(): void {
    this.process.kill();
  }
}

let site: SiteProcess;
let browser: Browser;
let owner: Person;
let camera: Camera;

beforeAll(async () => {
  if (able) {
    browser = await openBrowser();
    [site, camera] = await Promise.all([SiteProcess.start('--millrace.sources.loopback=true'), Camera.start()]);
    owner = await Person.at(browser, site);
    await owner.becomeFirstAdmin(ADMIN);
  }
});

afterAll(async () => {
  camera?.stop();
  await browser?.close();
  await site?.stop();
});

test.runIf(able)(
  'says what is wrong, then shows the picture, and makes a channel that only its owner sees',
  async () => {
    const { page } = owner;
    await owner.goto('/studio/camera');
    await page.getByLabel('Address', { exact: true }).fill(camera.address);
    await page.getByLabel('User', { exact: true }).fill('admin');
    await page.getByLabel('Password', { exact: true }).fill('two herons');
    await page.getByRole('button', { name: 'Try' }).click();
    await page.locator('#camera-failure').waitFor();
    expect(await page.locator('#camera-failure').innerText()).toContain('did not take these');

    await page.getByLabel('Password', { exact: true }).fill('three herons');
    await page.getByRole('button', { name: 'Try' }).click();
    await page.locator('#make').waitFor();
    const picture = page.locator('.camera-picture');
    expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100);
    expect(await page.content()).not.toContain('three herons');

    await page.getByLabel('Name', { exact: true }).fill('garden');
    await page.getByRole('button', { name: 'Add camera' }).click();
    await page.waitForURL('**/garden');
    await owner.seesMovingPicture();

    const stranger = await Person.at(browser, site);
    await stranger.goto('/garden');
    expect(await stranger.page.locator('live-player').getAttribute('data-camera')).toBeNull();
    expect((await stranger.page.request.get(`${site.url}/api/v1/channels/garden/snapshot.jpg`)).status()).toBe(404);
    await stranger.leave();
    await waitFor('there is a snapshot', async () => {
      const snapshot = await page.request.get(`${site.url}/api/v1/channels/garden/snapshot.jpg`);
      return snapshot.headers()['content-type'] === 'image/jpeg';
    });
    const again = await page.request.get(`${site.url}/api/v1/channels/garden/snapshot.png`);
    expect((await again.body()).subarray(1, 4).toString()).toBe('PNG');
    expect(owner.errors).toEqual([]);
  },
);

test.runIf(able)('is tried before a change of it is saved, and saved with what was tried', async () => {
  const { page } = owner;
  await owner.goto('/studio/@garden/camera');
  const password = page.getByLabel('Password', { exact: true });
  await password.fill('two herons');
  await page.getByRole('button', { name: 'Try' }).click();
  await page.locator('#camera-failure').waitFor();
  await password.fill('three herons');
  await page.getByRole('button', { name: 'Try' }).click();
  await page.locator('#camera-found').waitFor();
  const picture = page.locator('.camera-picture');
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100);
  expect(await page.content()).not.toContain('herons');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  expect(owner.errors).toEqual([]);
});

test.runIf(able)('is fetched by nobody when nobody looks, and again when somebody does', async () => {
  const { page } = owner;
  await waitFor('a picture is kept', async () => {
    await owner.goto('/studio/camera');
    return (await page.locator('.camera-shot img').count()) === 1;
  });
  await waitFor('the camera is left alone', () => camera.watched === 0);
  await owner.goto('/studio/camera');
  await page.getByText('Ready', { exact: true }).waitFor();
  await owner.goto('/garden');
  expect(await page.locator('.stage-picture').getAttribute('src')).toContain('/snapshot.jpg');
  await owner.seesMovingPicture();
  expect(camera.watched).toBe(1);
  expect(owner.errors).toEqual([]);
});
