// A file becomes a video, across a cut of the network and a reload, and plays.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commonSite, here, openBrowser } from './support/common';
import { film } from './support/ffmpeg';
import { Person } from './support/person';
import type { Site } from './support/site';

let site: Site;
let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), 'upload-'));
const FILM = join(folder, 'Rain on the river.mp4');

beforeAll(async () => {
  if (here) {
    await film(FILM, 6);
    browser = await openBrowser();
    site = commonSite();
  }
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test.runIf(here)(
  'a film goes on where it was cut, and is watched',
  async () => {
    const uma = await Person.at(browser, site);
    const { page } = uma;
    await uma.enrol('uma');
    await uma.goto('/studio/videos');
    await page.getByRole('link', { name: 'Upload a video' }).click();

    // The second piece never arrives, and then the page is left.
    let pieces = 0;
    await page.route('**/uploads/*', (route) =>
      route.request().method() === 'PATCH' && ++pieces > 1 ? route.abort() : route.continue(),
    );
    await page.getByLabel('Choose a file').setInputFiles(FILM);
    const row = page.locator('.upload');
    await row.getByText('The connection was lost.').waitFor();
    expect(await row.locator('progress').evaluate((bar: HTMLProgressElement) => bar.value)).toBeGreaterThan(0);
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await row.getByText('Interrupted').waitFor();
    await page.unroute('**/uploads/*');
    const offsets: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PATCH') {
        offsets.push(request.headers()['upload-offset'] ?? '');
      }
    });
    await page.getByLabel('Choose a file').setInputFiles(FILM);
    await row.getByText('Ready').waitFor();
    expect(Number(offsets[0])).toBeGreaterThan(0);
    expect(await page.locator('.upload').count()).toBe(1);

    await row.getByRole('link', { name: 'Open the video' }).click();
    await page.getByRole('heading', { name: 'Rain on the river' }).waitFor();
    await page.getByText('Uploaded', { exact: true }).waitFor();
    await uma.seesMovingPicture();
    expect(uma.errors).toEqual([]);
    await uma.leave();
  },
  60_000,
);

test.runIf(here)(
  'what is no film is refused in words',
  async () => {
    const otto = await Person.at(browser, site);
    await otto.enrol('otto');
    await otto.goto('/studio/videos/upload');
    const text = join(folder, 'notes.mp4');
    writeFileSync(text, 'Dear diary, this is no film.');
    await otto.page.getByLabel('Choose a file').setInputFiles(text);
    await otto.page.locator('.upload').getByText('This is no MP4').waitFor();
    expect(otto.errors).toEqual([]);
    await otto.leave();
  },
  60_000,
);
