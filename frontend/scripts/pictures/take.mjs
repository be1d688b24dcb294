// Takes pictures of the site as it looks when people use it: node scripts/pictures/take.mjs JAR FOLDER [SHOT…]
// Brings the whole cast on air and photographs pages in both languages and themes on desktops and phones.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, drawScenes, fill, logIn, openBrowser, person, SIZES, startSite, strike } from './stage.mjs';

const [jar, folder, ...only] = process.argv.slice(2);

/** What is photographed: name, path, who looks (or nobody), and how. */
const SHOTS = [
  ['home', '/', undefined],
  ['home-signed-in', '/', 'tomas'],
  ['channel', '/lena', 'tomas'],
  ['channel-zh', '/xiaoyu', undefined],
  ['offline', '/zoe', undefined],
  ['categories', '/categories', undefined],
  ['signup', '/signup?for=follow&channel=lena', undefined],
  ['studio', '/studio', 'lena'],
  ['connect', '/studio/connect', 'lena'],
  ['console', '/admin', 'adele'],
  ['settings', '/admin/settings', 'adele'],
];

async function photograph(browser, site) {
  mkdirSync(folder, { recursive: true });
  for (const [name, path, viewer] of SHOTS) {
    for (const [size, [width, height]] of Object.entries(SIZES)) {
      for (const [locale, colorScheme] of [
        ['en-GB', 'light'],
        ['en-GB', 'dark'],
        ['zh-CN', 'light'],
        ['zh-CN', 'dark'],
      ]) {
        const shot = `${name}-${size}-${locale.slice(0, 2)}-${colorScheme}`;
        if (only.length > 0 && !only.some((wanted) => shot.includes(wanted))) {
          continue;
        }
        const touch = height < 800 || width < 500;
        // Without an address of its own: media come from another port, and would have to allow the header.
        const look = { viewport: { width, height }, locale, colorScheme, hasTouch: touch, isMobile: touch };
        const options = { ...look, extraHTTPHeaders: {} };
        const who = await person(browser, site, options);
        if (viewer) {
          await logIn(who, viewer);
        }
        await who.goto(path);
        await who.page.locator('live-player[data-state="LIVE"]:not([data-picture])').waitFor({ state: 'detached' });
        // Whatever comes after the first picture.
        await who.page.waitForTimeout(3_500);
        await who.page.screenshot({ path: join(folder, `${shot}.jpg`), type: 'jpeg', quality: 86 });
        await who.context.close();
      }
    }
  }
}

const browser = await openBrowser();
try {
  await drawScenes(browser);
  const site = await startSite(jar);
  await fill(browser, site);
  await photograph(browser, site);
} finally {
  await browser.close();
  await strike();
  cleanUp();
}
