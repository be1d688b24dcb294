// Takes pictures of the site as it looks when people use it: node scripts/pictures/take.mjs JAR FOLDER [SHOT…]
// Starts the packaged site in a new folder, brings the cast on air with scenes that are drawn here, lets them talk, and photographs pages
// in both languages and themes on desktops and phones. Needs Java, FFmpeg (FFMPEG) and Chromium (CHROMIUM).
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { CAST, PASSWORD, TALK } from './cast.mjs';

const [jar, folder, ...only] = process.argv.slice(2);
const ffmpeg = process.env.FFMPEG ?? 'ffmpeg';
const work = mkdtempSync(join(tmpdir(), 'millrace-pictures-'));
const children = [];

const SIZES = { desktop: [1280, 800], wide: [1920, 1080], phone: [390, 844], landscape: [844, 390] };

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

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

async function until(what, check, limitMillis = 120_000) {
  for (const start = Date.now(); Date.now() - start < limitMillis; ) {
    const found = await check();
    if (found) {
      return found;
    }
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error(`waited too long for ${what}`);
}

async function startSite() {
  const [port, rtmp, media] = [await freePort(), await freePort(), await freePort()];
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
  const site = spawn(java, [
    '-jar',
    resolve(jar),
    `--server.port=${port}`,
    `--millrace.rtmp.port=${rtmp}`,
    `--millrace.http.port=${media}`,
    `--millrace.data-dir=${join(work, 'data')}`,
  ]);
  children.push(site);
  let log = '';
  site.stdout.on('data', (data) => {
    log += data;
  });
  await until('the site', () => log.includes('Millrace is ready'));
  const setup = await until('the set-up link', () => /\/setup\/[0-9a-f]+/.exec(log)?.[0]);
  return { url: `http://localhost:${port}`, rtmp: `rtmp://127.0.0.1:${rtmp}/live`, setup };
}

/** Scenes as pictures, and as moving ones that pan slowly. */
async function drawScenes(browser) {
  const page = await browser.newPage();
  const source = readFileSync(new URL('./scenes.js', import.meta.url), 'utf8').replaceAll('export ', '');
  await page.addScriptTag({ content: `${source}; window.draw = draw;` });
  for (const [, , , , , , scene] of CAST) {
    const data = await page.evaluate((name) => {
      const canvas = document.createElement('canvas');
      canvas.width = 1600;
      canvas.height = 900;
      window.draw(name, canvas);
      return canvas.toDataURL('image/jpeg', 0.92);
    }, scene);
    writeFileSync(join(work, `${scene}.jpg`), Buffer.from(data.split(',')[1], 'base64'));
    const filter =
      "zoompan=z='1.08+0.05*sin(2*PI*on/300)':x='iw/2-(iw/zoom/2)+20*sin(2*PI*on/150)':y='ih/2-(ih/zoom/2)':d=1:s=960x540:fps=15";
    const picture = ['-loop', '1', '-i', join(work, `${scene}.jpg`)];
    const sound = ['-f', 'lavfi', '-i', 'sine=frequency=220:sample_rate=44100'];
    const codecs = [
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-b:v',
      '900k',
      '-g',
      '30',
      '-bf',
      '0',
      '-pix_fmt',
      'yuv420p',
    ];
    execFileSync(
      ffmpeg,
      [
        '-v',
        'error',
        ...picture,
        ...sound,
        '-t',
        '20',
        '-vf',
        filter,
        '-af',
        'volume=0.05',
        ...codecs,
        '-c:a',
        'aac',
      ].concat('-shortest', join(work, `${scene}.flv`)),
    );
  }
  await page.close();
}

async function person(browser, site, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    extraHTTPHeaders: { 'x-forwarded-for': `198.51.100.${1 + Math.floor(Math.random() * 250)}` },
    ...options,
  });
  const page = await context.newPage();
  const goto = (path) => page.goto(site.url + path);
  return { context, page, goto };
}

async function register(who, path, name) {
  await who.goto(path);
  await who.page.locator('#username').fill(name);
  await who.page.locator('#email').fill(`${name}@example.org`);
  await who.page.locator('#password').fill(PASSWORD);
  await who.page.locator('main form button:not([type=button])').last().click();
  await who.page.waitForURL((url) => !url.pathname.startsWith('/signup') && !url.pathname.startsWith('/setup'));
}

async function logIn(who, name) {
  await who.goto('/login');
  await who.page.locator('#username').fill(name);
  await who.page.locator('#password').fill(PASSWORD);
  await who.page.locator('main form button:not([type=button])').last().click();
  await who.page.waitForURL((url) => url.pathname !== '/login');
}

/** Signs somebody up, gives them a face and a description, and brings them on air. */
async function bringOnAir(browser, site, [name, display, title, category, language, tags, scene], face) {
  const who = await person(browser, site);
  await register(who, '/signup', name);
  await who.goto('/settings');
  await who.page.locator('[name=displayName]').fill(display);
  await who.page.locator('form[action$="/settings/name"] button').click();
  if (face) {
    const form = who.page.locator('form[action$="/settings/pictures/avatar"]');
    await form.locator('input[type=file]').setInputFiles(join(work, `${face}.jpg`));
    await form.locator('button:not([type=button])').click();
    await who.page.waitForLoadState();
  }
  await who.goto('/studio');
  await who.page.evaluate(
    async (fields) => {
      const form = document.querySelector('form[action$="/info"]');
      const body = new URLSearchParams(new FormData(form));
      for (const [field, value] of Object.entries(fields)) {
        body.set(field, value);
      }
      await fetch(form.action, { method: 'POST', body });
    },
    { title, category, language, tags },
  );
  await who.goto('/studio/connect');
  await who.page.getByRole('button', { name: 'New key' }).click();
  await who.page.getByLabel('Key name').fill('home PC');
  await who.page.getByRole('button', { name: 'Create key' }).click();
  const key = await who.page.getByLabel('Stream key', { exact: true }).inputValue();
  const moving = [
    '-v',
    'error',
    '-re',
    '-stream_loop',
    '-1',
    '-i',
    join(work, `${scene}.flv`),
    '-c',
    'copy',
    '-f',
    'flv',
  ];
  children.push(spawn(ffmpeg, [...moving, `${site.rtmp}/${key}`], { stdio: 'ignore' }));
  return who;
}

async function talk(people) {
  for (const [name, text] of TALK) {
    const { page, goto } = people.get(name);
    await goto('/lena');
    const box = page.getByLabel('Comment', { exact: true });
    await until('the chat', () => box.isEnabled());
    await box.fill(text);
    await box.press('Enter');
    await until(
      'the comment',
      async () => (await page.locator('.chat-message[data-seq]').count()) > 0 && (await box.inputValue()) === '',
    );
  }
}

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

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
});
try {
  await drawScenes(browser);
  const site = await startSite();
  const admin = await person(browser, site);
  await register(admin, site.setup, 'adele');
  await admin.context.close();
  const zoe = await person(browser, site);
  await register(zoe, '/signup', 'zoe');
  await zoe.context.close();
  const people = new Map();
  for (const [index, member] of CAST.entries()) {
    // Some have a face of their own, some a letter.
    people.set(
      member[0],
      await bringOnAir(browser, site, member, index % 3 === 1 ? undefined : CAST[(index + 5) % 12][6]),
    );
  }
  await talk(people);
  // Some stay and watch, so that there is somebody; more would leave no processor for the pictures.
  for (const [name, who] of people) {
    if (['kenji', 'ada', 'mei'].includes(name)) {
      await who.goto('/lena');
    } else {
      await who.context.close();
    }
  }
  await photograph(browser, site);
} finally {
  await browser.close();
  for (const child of children) {
    child.kill('SIGKILL');
  }
  rmSync(work, { recursive: true, force: true });
}
