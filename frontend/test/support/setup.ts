// Before the browser tests: one browser and one site for all files. As root on a Debian system the browser is installed; elsewhere one
// line says how to get it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { findChromium, SHELL, startChromium } from './chromium';
import { ADMIN, Person } from './person';
import { SiteProcess } from './site';

/** A cut of five seconds is waited for, on a busy machine too; and a test that waits for an end waits no longer than it must. */
const GRACE = '--millrace.rtmp.grace=12s';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const program = browserProgram();
  if (!program) {
    project.provide('browser', '');
    return async () => {};
  }
  const server = await startChromium(program);
  const site = await SiteProcess.prepare([], [GRACE]);
  const end = async () => {
    await server.close();
    await site.stop();
  };
  try {
    await site.launch();
    const browser = await chromium.connect(server.wsEndpoint());
    await (await Person.at(browser, site)).becomeFirstAdmin(ADMIN);
    await browser.close();
  } catch (failed) {
    await end();
    throw failed;
  }
  const { port, rtmpPort, httpPort, directory } = site;
  project.provide('browser', server.wsEndpoint());
  project.provide('site', { port, rtmpPort, httpPort, directory });
  return end;
}

/** The shell where it is to be had, else whatever is there. */
function browserProgram(): string | undefined {
  const found = findChromium();
  if (found && (basename(found) === SHELL || process.env.CHROMIUM || process.env.CI !== 'true')) {
    return found;
  }
  const installed = install(found ? [SHELL] : [SHELL, 'chromium']) ?? found;
  if (installed) {
    return installed;
  }
  const line = 'Browser tests need a Chrome or Chromium: install one, or name it in the CHROMIUM variable.';
  if (process.env.CI === 'true') {
    throw new Error(line);
  }
  console.warn(`SKIPPED: ${line}`);
  return undefined;
}

/** Installs the first of these that Debian has. */
function install(packages: string[]): string | undefined {
  const root = process.getuid?.() === 0;
  if (!root || !existsSync('/usr/bin/apt-get') || !existsSync('/etc/debian_version')) {
    return undefined;
  }
  console.log(`Browser tests: installing Debian's ${packages[0]} with apt-get, because there is none here.`);
  const apt = (...words: string[]) =>
    spawnSync('apt-get', ['-qq', '-o', 'Acquire::http::Timeout=20', ...words], {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  apt('update');
  const got = packages.find((name) => apt('install', '-y', '--no-install-recommends', name, 'fonts-noto-cjk'));
  return got && findChromium([got]);
}
