import { expect, test, vi } from 'vitest';
import { ApiError } from '../core/api';
import { leaveIfSignedOut } from './signed-out';

const refused = (status: number) => () => Promise.reject(new ApiError(status, ''));

test('what was private goes when the session is over', async () => {
  const reload = vi.fn();
  await leaveIfSignedOut(() => false, refused(401), reload);
  expect(reload).toHaveBeenCalledOnce();
});

test('a page stays while its person is signed in, or while nobody can say', async () => {
  const reload = vi.fn();
  await leaveIfSignedOut(
    () => false,
    () => Promise.resolve([]),
    reload,
  );
  await leaveIfSignedOut(() => false, refused(503), reload);
  await leaveIfSignedOut(() => false, refused(429), reload);
  await leaveIfSignedOut(
    () => false,
    () => Promise.reject(new TypeError('no network')),
    reload,
  );
  expect(reload).not.toHaveBeenCalled();
});

test('what somebody is typing is not taken from them', async () => {
  const reload = vi.fn();
  await leaveIfSignedOut(() => true, refused(401), reload);
  expect(reload).not.toHaveBeenCalled();
});
