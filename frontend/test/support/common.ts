// What all files share: the browser and the site that were started before the first of them.
import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';
import { Site, type SiteAddress } from './site';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the browser listens; empty when this machine has none. */
    browser: string;
    site: SiteAddress;
  }
}

/** Whether this machine has a browser. */
export const here = inject('browser') !== '';

/** The browser of all files; closing it closes what this file opened. */
export async function openBrowser(): Promise<Browser> {
  return chromium.connect(inject('browser'));
}

/** The site of all files: `ADMIN` is its admin, and whoever else a file signs up has a name that no other file uses. */
export function commonSite(): Site {
  return new Site(inject('site'));
}
