// Calls of the site's own API, as the person who is signed in.

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** What it is about, for scripts. */
    readonly code?: string,
  ) {
    super(message);
  }
}

/** Why a call was not done, for people: what the server said, or that it was not reached. */
export function reasonOf(failure: unknown): string {
  return failure instanceof ApiError ? failure.message : (document.documentElement.dataset.offline ?? String(failure));
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
}

/** The token that proves that a request comes from one of our pages. */
export function csrf(): Record<string, string> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf"]')?.content;
  return token ? { 'X-CSRF-TOKEN': token } : {};
}

/** Fetches a fresh token, for this page's calls and its forms: somebody may have logged in anew in another tab. */
export async function renewToken(): Promise<boolean> {
  const answer = await fetch('/api/v1/page-token', { headers: { Accept: 'application/json' } });
  if (!answer.ok) {
    return false;
  }
  const { token } = (await answer.json()) as { token: string };
  let meta = document.querySelector<HTMLMetaElement>('meta[name="csrf"]');
  if (!meta) {
    meta = document.createElement('meta');
    meta.name = 'csrf';
    document.head.append(meta);
  }
  meta.content = token;
  for (const field of document.querySelectorAll<HTMLInputElement>('input[name="_csrf"]')) {
    field.value = token;
  }
  return true;
}

function send(method: string, path: string, body: unknown, more: RequestInit = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', ...(method === 'GET' ? {} : csrf()) };
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  return fetch(path, { method, headers, body: body === undefined ? null : JSON.stringify(body), ...more });
}

/** Says something that needs no answer; it is said also when the page is left meanwhile. */
export function tell(method: 'PUT' | 'POST', path: string, body?: unknown): void {
  send(method, path, body, { keepalive: true }).catch(() => {});
}

async function problemOf(answer: Response): Promise<Problem> {
  return (await answer.json().catch(() => ({}))) as Problem;
}

/**
 * A page that was open for long has an old token: it fetches another and asks once more. Whoever has to confirm first that it is they is led
 * there, and back.
 *
 * @throws ApiError with the server's words when it does not do it
 */
export async function call<T>(
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  more: RequestInit = {},
): Promise<T> {
  let answer = await send(method, path, body, more);
  let problem: Problem = answer.ok ? {} : await problemOf(answer);
  if (problem.code === 'page-token' && (await renewToken())) {
    answer = await send(method, path, body, more);
    problem = answer.ok ? {} : await problemOf(answer);
  }
  if (!answer.ok) {
    if (problem.code === 'confirm') {
      location.assign(`/confirm?continue=${encodeURIComponent(location.pathname + location.search)}`);
    }
    throw new ApiError(answer.status, problem.detail ?? answer.statusText, problem.code);
  }
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}
