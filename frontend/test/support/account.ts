// Accounts that are made by requests alone: the pages of a sign-up are for the tests that look at them.
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

/** Makes an account and answers the value of its session's cookie, `SESSION`. */
export async function signUp(site: Site, name: string, form: SignUpForm): Promise<string> {
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
  if (!session) {
    throw new Error(`${name} could not sign up: ${answer.status}`);
  }
  return session.slice('SESSION='.length).split(';')[0] ?? '';
}
