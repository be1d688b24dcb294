// Before the browser tests: one browser and one site for all files. As root on a Debian system the browser is installed; elsewhere one
// line says how to get it.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { findChromium, startChromium } from './chromium';
import { ADMIN, Person } from './person';
import { SiteProcess } from './site';

/** A cut of five seconds is waited for, on a busy machine too; and a test that waits for an end waits no longer than it must. */
const GRACE = '--millrace.rtmp.grace=12s';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const program = findChromium() ?? install();
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

function install(): string | undefined {
  const root = process.getuid?.() === 0;
  if (root && existsSync('/usr/bin/apt-get') && existsSync('/etc/debian_version')) {
    console.log(
      "Browser tests: installing Debian's chromium with apt-get, because there is no Chrome or Chromium here.",
    );
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env: environment });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'], {
      stdio: 'inherit',
      env: environment,
    });
    return findChromium();
  }
  const line = 'Browser tests need a Chrome or Chromium: install one, or name it in the CHROMIUM variable.';
  if (process.env.CI === 'true') {
    throw new Error(line);
  }
  console.warn(`SKIPPED: ${line}`);
  return undefined;
}
