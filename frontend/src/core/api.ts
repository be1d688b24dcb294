// Calls of the site's own API, as the person who is signed in.

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Why a call was not done, for people: what the server said, or that it was not reached. */
export function reasonOf(failure: unknown): string {
  return failure instanceof ApiError ? failure.message : (document.documentElement.dataset.offline ?? String(failure));
}

/** The token that proves that a request comes from one of our pages. */
function csrf(): Record<string, string> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf"]')?.content;
  return token ? { 'X-CSRF-TOKEN': token } : {};
}

/** @throws ApiError with the server's words when it does not do it */
export async function call<T>(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', ...(method === 'GET' ? {} : csrf()) };
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  const answer = await fetch(path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  if (!answer.ok) {
    const problem = (await answer.json().catch(() => ({}))) as { detail?: string };
    throw new ApiError(answer.status, problem.detail ?? answer.statusText);
  }
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}
