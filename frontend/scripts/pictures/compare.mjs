// Photographs two builds of the site with the same people on air, page by page, and puts them beside each other:
// node scripts/pictures/compare.mjs BEFORE.jar AFTER.jar FOLDER [PAGE…]
// Every page in each size; languages and themes are spread, so that each page is there in both. FOLDER/{before,after} keep the photographs, so that a
// build that is given as "-" is not photographed again.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAST } from './cast.mjs';
import {
  cleanUp,
  drawScenes,
  fill,
  inTurns,
  logIn,
  openBrowser,
  person,
  SIZES,
  startSite,
  strike,
  until,
} from './stage.mjs';

const [before, after, folder, ...only] = process.argv.slice(2);
const ON_AIR = CAST.filter(([name]) => ['lena', 'xiaoyu', 'river_radio', 'observatory', 'kenji'].includes(name));
const LIMIT = 250_000;

/** What is photographed: name, path, who looks (or nobody), and what is there once the page is whole. */
const PAGES = [
  ['home', '/', 'tomas', undefined],
  ['channel', '/lena', 'tomas', '.chat-message'],
  ['studio', '/studio', 'lena', '.chat-message'],
  ['console', '/admin', 'adele', undefined],
  ['signup', '/signup?for=follow&channel=lena', undefined, undefined],
  ['settings', '/settings', 'lena', undefined],
  ['console-settings', '/admin/settings', 'adele', undefined],
];

const LOOKS = [
  ['en-GB', 'light'],
  ['zh-CN', 'dark'],
  ['en-GB', 'dark'],
  ['zh-CN', 'light'],
];

const chosen = [...PAGES.entries()].filter(([, [name]]) => only.length === 0 || only.includes(name));

/** Rows of a page: phones stand two in a row, for their other language and theme. */
const ROWS = [['desktop'], ['wide'], ['phone', 'phone'], ['landscape']];

/** The looks of a page's rows: each page begins with another one. */
function looks(index) {
  let at = index;
  return ROWS.map((sizes) =>
    sizes.map((size) => {
      const [locale, colorScheme] = LOOKS[at++ % LOOKS.length];
      return { size, locale, colorScheme, file: `${PAGES[index][0]}-${size}-${locale.slice(0, 2)}-${colorScheme}.png` };
    }),
  );
}

async function follow(browser, site, name, channels) {
  const who = await person(browser, site);
  await logIn(who, name);
  for (const channel of channels) {
    await who.goto(`/${channel}`);
    await who.page.getByRole('button', { name: 'Follow', exact: true }).first().click();
    await who.page.getByRole('button', { name: 'Unfollow' }).first().waitFor();
  }
  await who.context.close();
}

/** Whatever is in sight has come: pictures are decoded, videos play, and what the page waits for is there. */
async function whole(page, wanted) {
  if (wanted) {
    await page.locator(wanted).first().waitFor({ state: 'attached' });
  }
  await page.waitForFunction(() => {
    const inSight = (element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && box.bottom > 0 && box.top < innerHeight;
    };
    const images = [...document.images].filter(inSight);
    const videos = [...document.querySelectorAll('live-player video')].filter(inSight);
    return (
      document.readyState === 'complete' &&
      images.every((image) => image.complete) &&
      videos.every((video) => video.currentTime > 0.5)
    );
  });
  // Whatever comes after the first picture: figures, hues, controls that hide.
  await page.waitForTimeout(3_500);
}

async function photograph(browser, site, into) {
  mkdirSync(into, { recursive: true });
  const sessions = new Map();
  for (const [index, [name, path, viewer, wanted]] of chosen) {
    if (viewer && !sessions.has(viewer)) {
      const who = await person(browser, site);
      await logIn(who, viewer);
      sessions.set(viewer, await who.context.storageState());
      await who.context.close();
    }
    await inTurns(2, looks(index).flat(), async ({ size, locale, colorScheme, file }) => {
      const [width, height] = SIZES[size];
      const touch = height < 800 || width < 500;
      // Without an address of its own: media come from another port, and would have to allow the header.
      const who = await person(browser, site, {
        viewport: { width, height },
        locale,
        colorScheme,
        hasTouch: touch,
        isMobile: touch,
        extraHTTPHeaders: {},
        storageState: viewer ? sessions.get(viewer) : undefined,
      });
      await who.goto(path);
      await whole(who.page, wanted).catch((error) => {
        throw new Error(`${name} ${file}: ${error.message}`);
      });
      await who.page.screenshot({ path: join(into, file) });
      await who.context.close();
    });
  }
}

async function visit(browser, jar, name) {
  const site = await startSite(jar, name);
  try {
    await fill(browser, site, ON_AIR);
    await follow(browser, site, 'tomas', ['lena', 'river_radio', 'nadia']);
    const stills = await person(browser, site);
    await until('pictures of all who are on air', async () => {
      await stills.goto('/');
      const sources = await stills.page.locator('main img').evaluateAll((all) => all.map((one) => one.src));
      return new Set(sources.filter((source) => source.includes('thumb'))).size >= ON_AIR.length;
    });
    await stills.context.close();
    await photograph(browser, site, join(folder, name));
  } finally {
    for (const context of browser.contexts()) {
      await context.close();
    }
    await strike();
  }
}

/** Draws before on the left and after on the right, a row for each size, as a picture of no more than LIMIT bytes. */
async function montage(page, rows, out) {
  const read = (side, file) => `data:image/png;base64,${readFileSync(join(folder, side, file)).toString('base64')}`;
  const sources = rows.map((row) => ['before', 'after'].map((side) => row.map(({ file }) => read(side, file))));
  const data = await page.evaluate(
    async ([lists, limit]) => {
      const gap = 20;
      const top = 56;
      const half = 750;
      const load = async (source) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        return image;
      };
      const rows = await Promise.all(
        lists.map((sides) => Promise.all(sides.map((side) => Promise.all(side.map(load))))),
      );
      const shapes = rows.map(([[first, ...more]]) => {
        const width = Math.min(first.width, (half - gap * more.length) / (more.length + 1));
        return { width, height: Math.round((width * first.height) / first.width) };
      });
      const canvas = document.createElement('canvas');
      canvas.width = 2 * half + 3 * gap;
      canvas.height = shapes.reduce((sum, shape) => sum + shape.height + gap, top);
      const c = canvas.getContext('2d');
      c.fillStyle = '#dde1e8';
      c.fillRect(0, 0, canvas.width, canvas.height);
      c.fillStyle = '#2b3442';
      c.font = '600 24px system-ui, sans-serif';
      c.fillText('Before', gap, 38);
      c.fillText('After', 2 * gap + half, 38);
      c.imageSmoothingQuality = 'high';
      let y = top;
      for (const [index, sides] of rows.entries()) {
        const { width, height } = shapes[index];
        for (const [side, images] of sides.entries()) {
          for (const [at, image] of images.entries()) {
            const x = gap + side * (half + gap) + at * (width + gap);
            c.save();
            c.beginPath();
            c.roundRect(x, y, width, height, 12);
            c.clip();
            c.drawImage(image, x, y, width, height);
            c.restore();
          }
        }
        y += height + gap;
      }
      let quality = 0.86;
      let picture = canvas.toDataURL('image/jpeg', quality);
      while ((picture.length * 3) / 4 > limit && quality > 0.3) {
        quality -= 0.02;
        picture = canvas.toDataURL('image/jpeg', quality);
      }
      return picture;
    },
    [sources, LIMIT],
  );
  writeFileSync(out, Buffer.from(data.split(',')[1], 'base64'));
}

const browser = await openBrowser();
try {
  if (before !== '-' || after !== '-') {
    await drawScenes(browser, ON_AIR);
  }
  if (before !== '-') {
    await visit(browser, before, 'before');
  }
  if (after !== '-') {
    await visit(browser, after, 'after');
  }
  const page = await browser.newPage();
  for (const [index, [name]] of chosen) {
    await montage(page, looks(index), join(folder, `${name}.jpg`));
  }
} finally {
  await browser.close();
  await strike();
  cleanUp();
}
