// Accounts that are made by requests alone: the pages of a sign-up are for the tests that look at them.
import { setTimeout } from 'node:timers/promises';
import type { Site } from './site';

export const PASSWORD = 'three quiet herons';

/** The form's token and the cookie it goes with: good for as many as send both. */
export interface SignUpForm {
  readonly csrf: string;
  readonly cookie: string;
}

export async function signUpForm(site: Site): Promise<SignUpForm> {
  const page = await fetch(`${site.url}/signup`);
  const csrf = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const cookies = page.headers.getSetCookie().map((line) => line.split(';')[0]);
  return { csrf, cookie: cookies.join('; ') };
}

const MOST_TRIES = 20;

/** Makes an account and answers the value of its session's cookie, `SESSION`. Where too many come at once, it comes again as it is told. */
export async function signUp(site: Site, name: string, form: SignUpForm): Promise<string> {
  let status = 0;
  for (let i = 0; i < MOST_TRIES; i++) {
    const answer = await fetch(`${site.url}/signup`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Accept-Language': 'en-GB',
        Cookie: form.cookie,
      },
      body: new URLSearchParams({ _csrf: form.csrf, username: name, email: `${name}@example.org`, password: PASSWORD }),
    });
    const session = answer.headers.getSetCookie().find((line) => line.startsWith('SESSION='));
    if (session) {
      return session.slice('SESSION='.length).split(';')[0] ?? '';
    }
    status = answer.status;
    if (status !== 503) {
      break;
    }
    await setTimeout(1_000 * Number(answer.headers.get('Retry-After') ?? 1));
  }
  throw new Error(`${name} could not sign up: ${status}`);
}
