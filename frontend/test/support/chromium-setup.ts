// Before the browser tests: a browser. As root on a Debian system it is installed; elsewhere one line says how to get it.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from './chromium';

export default function setup(): void {
  if (findChromium()) {
    return;
  }
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
    return;
  }
  const line = 'Browser tests need a Chrome or Chromium: install one, or name it in the CHROMIUM variable.';
  if (process.env.CI === 'true') {
    throw new Error(line);
  }
  console.warn(`SKIPPED: ${line}`);
  process.env.MILLRACE_NO_BROWSER = 'true';
}
