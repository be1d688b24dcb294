// Finds a Chrome or Chromium, wherever systems put them, and starts it once for all files. Best is Chromium's headless shell: the same
// engine without a browser's windows, and it opens somebody's page for a sixth of the work.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { type BrowserServer, chromium } from 'playwright-core';

export const SHELL = 'chromium-headless-shell';
const NAMES = [
  SHELL,
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge',
];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  '/snap/bin/chromium',
];

export function findChromium(names = NAMES): string | undefined {
  const named = process.env.CHROMIUM;
  if (named) {
    return named;
  }
  for (const name of names) {
    try {
      return execFileSync('which', [name], { stdio: ['ignore', 'pipe', 'ignore'] })
        .toString()
        .trim();
    } catch {
      // the next one
    }
  }
  return PLACES.find((place) => existsSync(place));
}

export async function startChromium(executablePath: string, ...further: string[]): Promise<BrowserServer> {
  const shell = basename(executablePath) === SHELL;
  return chromium.launchServer({
    executablePath,
    headless: shell,
    args: [
      ...(shell ? [] : ['--headless=new']),
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
      '--mute-audio',
      ...further,
    ],
  });
}
