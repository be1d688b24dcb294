import { afterEach, expect, test, vi } from 'vitest';
import { ApiError, call } from './api';

afterEach(() => vi.unstubAllGlobals());

/** A page with an old token, and what it led to. */
function page(answers: Record<string, Response[]>) {
  const meta = { content: 'old' };
  const field = { value: 'old' };
  const asked: string[] = [];
  const led: string[] = [];
  vi.stubGlobal('document', {
    querySelector: () => meta,
    querySelectorAll: () => [field],
    documentElement: { dataset: {} },
  });
  vi.stubGlobal('location', { pathname: '/studio', search: '?new', assign: (to: string) => led.push(to) });
  vi.stubGlobal('fetch', async (path: string, options: { method?: string; headers: Record<string, string> }) => {
    asked.push(`${options.method ?? 'GET'} ${path} ${options.headers['X-CSRF-TOKEN'] ?? ''}`.trim());
    return answers[path]?.shift() ?? Response.json({}, { status: 500 });
  });
  return { meta, field, asked, led };
}

const refused = (code: string) => Response.json({ code, detail: 'No.' }, { status: 403 });

test('an old page fetches a fresh token and asks once more', async () => {
  const { meta, field, asked } = page({
    '/api/v1/x': [refused('page-token'), Response.json({ done: true })],
    '/api/v1/page-token': [Response.json({ token: 'fresh' })],
  });
  await expect(call('POST', '/api/v1/x', {})).resolves.toEqual({ done: true });
  expect(asked).toEqual(['POST /api/v1/x old', 'GET /api/v1/page-token', 'POST /api/v1/x fresh']);
  expect([meta.content, field.value]).toEqual(['fresh', 'fresh']);
});

test('it asks no third time', async () => {
  const { asked } = page({
    '/api/v1/x': [refused('page-token'), refused('page-token')],
    '/api/v1/page-token': [Response.json({ token: 'fresh' })],
  });
  await expect(call('PUT', '/api/v1/x')).rejects.toThrow(ApiError);
  expect(asked).toHaveLength(3);
});

test('whoever has to confirm is led there and back', async () => {
  const { led } = page({ '/api/v1/x': [refused('confirm')] });
  await expect(call('POST', '/api/v1/x')).rejects.toThrow('No.');
  expect(led).toEqual(['/confirm?continue=%2Fstudio%3Fnew']);
});
