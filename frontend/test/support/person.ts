// Somebody at a browser: finds things by the words on the page.
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { PASSWORD, signUp, signUpForm } from './account';
import type { Site } from './site';
import { PATIENCE_MILLIS, waitFor } from './wait';

export { PASSWORD };
export const ADMIN = 'adele';

export class Person {
  readonly errors: string[] = [];

  private constructor(
    readonly site: Site,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on('pageerror', (error) => {
      // On a busy machine a page can be shown before the transition to it is there: Chromium's word, and nothing is missing.
      if (!error.message.startsWith('Transition was aborted because of invalid state')) {
        this.errors.push(error.message);
      }
    });
    page.on('console', (message) => {
      if (message.type() === 'error' && /content security|refused/i.test(message.text())) {
        this.errors.push(message.text());
      }
    });
  }

  static async at(browser: Browser, site: Site, options: BrowserContextOptions = {}): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options });
    context.setDefaultTimeout(PATIENCE_MILLIS);
    return new Person(site, context, await context.newPage());
  }

  async goto(path: string): Promise<void> {
    await this.page.goto(path.startsWith('http') ? path : `${this.site.url}${path}`);
  }

  private async register(address: string, username: string, button: string): Promise<void> {
    await this.goto(address);
    await this.page.getByLabel('Username', { exact: true }).fill(username);
    await this.page.getByLabel('Email', { exact: true }).fill(`${username}@example.org`);
    await this.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await this.page.getByRole('button', { name: button }).click();
    await this.page.waitForURL((url) => !url.pathname.startsWith('/signup') && !url.pathname.startsWith('/setup'));
  }

  async signUp(username: string): Promise<void> {
    await this.register('/signup', username, 'Sign up');
  }

  /** Is somebody with an account from now on, wherever they go. The second try of a test finds the account that the first made. */
  async enrol(username: string): Promise<void> {
    try {
      const value = await signUp(this.site, username, await signUpForm(this.site));
      await this.context.addCookies([{ name: 'SESSION', value, url: this.site.url }]);
    } catch (refused) {
      await this.logIn(username).catch(() => {
        throw refused;
      });
    }
  }

  async becomeFirstAdmin(username: string): Promise<void> {
    await this.register(await this.site.setupLink(), username, 'Create admin');
  }

  async logIn(username: string): Promise<void> {
    await this.goto('/login');
    await this.page.getByLabel('Username or email', { exact: true }).fill(username);
    await this.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await this.page.locator('main').getByRole('button', { name: 'Log in' }).click();
    await this.page.waitForURL((url) => !url.pathname.startsWith('/login'));
  }

  /** Makes a stream key and answers it. */
  async newKey(name: string): Promise<string> {
    await this.goto('/studio/connect');
    await this.page.getByRole('button', { name: 'New key' }).click();
    await this.page.getByLabel('Key name').fill(name);
    await this.page.getByRole('button', { name: 'Create key' }).click();
    return this.page.getByLabel('Stream key', { exact: true }).inputValue();
  }

  /** Waits until the media on the page moves; answers how long that took from now, in milliseconds. */
  async seesMovingPicture(limitMillis = PATIENCE_MILLIS): Promise<number> {
    const start = Date.now();
    await waitFor(
      'the picture moves',
      async () => {
        const before = await this.time();
        await this.page.waitForTimeout(150);
        return (await this.time()) > before && before >= 0;
      },
      limitMillis,
      () => this.errors.join('\n'),
    );
    return Date.now() - start;
  }

  async time(): Promise<number> {
    return this.page.evaluate(() => {
      const media = document.querySelector('video, audio') as HTMLMediaElement | null;
      return media && media.readyState >= 2 && !media.paused ? media.currentTime : -1;
    });
  }

  /** A fingerprint of the picture that is shown. */
  async pixels(): Promise<string> {
    return this.page.evaluate(() => {
      const video = document.querySelector('video') as HTMLVideoElement;
      const canvas = new OffscreenCanvas(32, 18);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.drawImage(video, 0, 0, 32, 18);
      return [...context.getImageData(0, 0, 32, 18).data].join();
    });
  }

  async state(): Promise<string | null> {
    return this.page.locator('live-player').getAttribute('data-state');
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}
