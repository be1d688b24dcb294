// A site with people in it, as pictures show it: the packaged program in a new folder, the cast with faces and descriptions, those on air with scenes
// that are drawn here, and what they say. Needs Java, FFmpeg (FFMPEG) and Chromium (CHROMIUM).
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { CAST, PASSWORD, TALK } from './cast.mjs';

const ffmpeg = process.env.FFMPEG ?? 'ffmpeg';
const work = mkdtempSync(join(tmpdir(), 'millrace-pictures-'));
/** Where scenes are drawn: SCENES keeps them for the next time. */
const scenes = process.env.SCENES ?? work;
const children = [];

export const SIZES = { desktop: [1280, 800], wide: [1920, 1080], phone: [390, 844], landscape: [844, 390] };

export const openBrowser = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  });

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

export async function until(what, check, limitMillis = 120_000) {
  for (const start = Date.now(); Date.now() - start < limitMillis; ) {
    const found = await check();
    if (found) {
      return found;
    }
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error(`waited too long for ${what}`);
}

/** Does something for each, some at a time. */
export async function inTurns(atOnce, items, act) {
  const rest = [...items];
  const turn = async () => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      await act(next);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, turn));
}

/** A site in a new folder; PORT and the two after it where it is set, else any that are free. */
export async function startSite(jar, name = 'data') {
  const first = Number(process.env.PORT ?? 0);
  const [port, rtmp, media] = first
    ? [first, first + 1, first + 2]
    : [await freePort(), await freePort(), await freePort()];
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
  const site = spawn(java, [
    '-jar',
    resolve(jar),
    `--server.port=${port}`,
    `--millrace.rtmp.port=${rtmp}`,
    '--millrace.rtsp.port=0',
    '--millrace.srt.port=0',
    '--millrace.webrtc.port=0',
    `--millrace.http.port=${media}`,
    `--millrace.data-dir=${join(work, name)}`,
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
export async function drawScenes(browser, onAir = CAST) {
  mkdirSync(scenes, { recursive: true });
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
    writeFileSync(join(scenes, `${scene}.jpg`), Buffer.from(data.split(',')[1], 'base64'));
    if (!onAir.some((member) => member[6] === scene) || existsSync(join(scenes, `${scene}.flv`))) {
      continue;
    }
    const filter =
      "zoompan=z='1.08+0.05*sin(2*PI*on/300)':x='iw/2-(iw/zoom/2)+20*sin(2*PI*on/150)':y='ih/2-(ih/zoom/2)':d=1:s=960x540:fps=15";
    const picture = ['-loop', '1', '-i', join(scenes, `${scene}.jpg`)];
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
      ].concat('-shortest', join(scenes, `${scene}.flv`)),
    );
  }
  await page.close();
}

export async function person(browser, site, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    extraHTTPHeaders: { 'x-forwarded-for': `198.51.100.${1 + Math.floor(Math.random() * 250)}` },
    ...options,
  });
  // A busy machine is slow, and nothing here measures it.
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  const goto = (path) => page.goto(site.url + path);
  return { context, page, goto };
}

export async function register(who, path, name) {
  await who.goto(path);
  await who.page.locator('#username').fill(name);
  await who.page.locator('#email').fill(`${name}@example.org`);
  await who.page.locator('#password').fill(PASSWORD);
  await who.page.locator('main form button:not([type=button])').last().click();
  await who.page.waitForURL((url) => !url.pathname.startsWith('/signup') && !url.pathname.startsWith('/setup'));
}

export async function logIn(who, name) {
  await who.goto('/login');
  await who.page.locator('#username').fill(name);
  await who.page.locator('#password').fill(PASSWORD);
  await who.page.locator('main form button:not([type=button])').last().click();
  await who.page.waitForURL((url) => url.pathname !== '/login');
}

/** Signs somebody up, and gives them a face and a description. */
async function settleIn(browser, site, [name, display, title, category, language, tags], face) {
  const who = await person(browser, site);
  await register(who, '/signup', name);
  await who.goto('/settings');
  await who.page.locator('[name=displayName]').fill(display);
  await who.page.locator('form[action$="/settings/name"] button').click();
  if (face) {
    const form = who.page.locator('form[action$="/settings/pictures/avatar"]');
    await form.locator('input[type=file]').setInputFiles(join(scenes, `${face}.jpg`));
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
  return who;
}

async function bringOnAir(site, who, scene) {
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
    join(scenes, `${scene}.flv`),
    '-c',
    'copy',
    '-f',
    'flv',
  ];
  children.push(spawn(ffmpeg, [...moving, `${site.rtmp}/${key}`], { stdio: 'ignore' }));
}

async function talk(people) {
  const names = [...new Set(TALK.map(([name]) => name))];
  await inTurns(3, names, async (name) => {
    const { page, goto } = people.get(name);
    await goto('/lena');
    await until('the chat', () => page.getByLabel('Comment', { exact: true }).isEnabled());
  });
  for (const [name, text] of TALK) {
    const { page } = people.get(name);
    const box = page.getByLabel('Comment', { exact: true });
    await box.fill(text);
    // By the button: Enter would choose from a list of names or emotes that is open.
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await until(
      'the comment',
      async () => (await page.locator('.chat-message[data-seq]').count()) > 0 && (await box.inputValue()) === '',
    );
  }
}

/** Fills a site: an admin, somebody who was never on air, the cast, and what they say to each other. Some stay and watch. */
export async function fill(browser, site, onAir = CAST) {
  const admin = await person(browser, site);
  await register(admin, site.setup, 'adele');
  await admin.context.close();
  const zoe = await person(browser, site);
  await register(zoe, '/signup', 'zoe');
  await zoe.context.close();
  const people = new Map();
  await inTurns(3, [...CAST.entries()], async ([index, member]) => {
    // Some have a face of their own, some a letter.
    const face = index % 3 === 1 ? undefined : CAST[(index + 5) % 12][6];
    const who = await settleIn(browser, site, member, face);
    people.set(member[0], who);
    if (onAir.includes(member)) {
      await bringOnAir(site, who, member[6]);
    }
  });
  await talk(people);
  // Some stay and watch, so that there is somebody; more would leave no processor for the pictures.
  for (const [name, who] of people) {
    if (['kenji', 'ada', 'mei'].includes(name)) {
      await who.goto('/lena');
    } else {
      await who.context.close();
    }
  }
}

/** Ends the site and its publishers, and waits for them: the database is a process of its own, which the site takes down. */
export async function strike() {
  await Promise.all(
    children.splice(0).map((child) => {
      const gone = new Promise((done) => child.once('exit', done));
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        return gone;
      }
      return undefined;
    }),
  );
}

export const cleanUp = () => rmSync(work, { recursive: true, force: true });
