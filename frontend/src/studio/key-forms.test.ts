import { expect, test } from 'vitest';
import { larixLink, obsService } from './key-forms';

const SERVER = 'rtmp://live.example.org:1936/live';

test('a phone encoder reads server and key from one link', () => {
  const link = larixLink(SERVER, 'mr_abc', '安娜 & co');
  expect(link).toBe(
    'larix://set/v1?conn[][url]=rtmp%3A%2F%2Flive.example.org%3A1936%2Flive%2Fmr_abc&conn[][name]=%E5%AE%89%E5%A8%9C%20%26%20co&conn[][mode]=av',
  );
});

test('OBS reads its own kind of service', () => {
  expect(JSON.parse(obsService(SERVER, 'mr_abc'))).toEqual({
    type: 'rtmp_custom',
    settings: { server: SERVER, key: 'mr_abc' },
  });
});
