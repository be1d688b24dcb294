import { afterEach, expect, test, vi } from 'vitest';
import { audioWish, type CameraWish, openCamera, troubleOf, videoWish } from './capture';

const WISH: CameraWish = { camera: '', microphone: '', facing: 'environment', height: 720, music: false };

afterEach(() => vi.unstubAllGlobals());

test.each([
  ['NotAllowedError', 'refused'],
  ['NotFoundError', 'absent'],
  ['NotReadableError', 'busy'],
  ['TypeError', 'failed'],
])('%s is told as %s', (name, trouble) => {
  expect(troubleOf(new DOMException('no', name))).toBe(trouble);
});

test('a camera that is named is wished for, else the one of a side; nothing is insisted on', () => {
  expect(videoWish(WISH)).toMatchObject({ facingMode: { ideal: 'environment' }, width: { ideal: 1280 } });
  expect(videoWish({ ...WISH, camera: 'c' })).toMatchObject({ deviceId: { ideal: 'c' } });
  expect(audioWish({ microphone: 'm', music: true })).toMatchObject({
    deviceId: { ideal: 'm' },
    noiseSuppression: false,
    echoCancellation: false,
  });
});

test('picture and sound are one question, and who has no microphone is seen', async () => {
  const asked: MediaStreamConstraints[] = [];
  const getUserMedia = vi.fn(async (wish: MediaStreamConstraints) => {
    asked.push(wish);
    if (wish.audio) {
      throw new DOMException('none', 'NotFoundError');
    }
    return 'stream';
  });
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
  expect(await openCamera(WISH)).toBe('stream');
  expect(asked.map(({ audio, video }) => [!!audio, !!video])).toEqual([
    [true, true],
    [false, true],
  ]);
  getUserMedia.mockRejectedValueOnce(new DOMException('no', 'NotAllowedError'));
  await expect(openCamera(WISH)).rejects.toThrow('no');
});

test('who refused the microphone alone is seen', async () => {
  const states: Record<string, string> = { camera: 'granted', microphone: 'denied' };
  const getUserMedia = vi.fn(async (wish: MediaStreamConstraints) => {
    if (wish.audio) {
      throw new DOMException('no', 'NotAllowedError');
    }
    return 'stream';
  });
  const query = async ({ name }: { name: string }) => ({ state: states[name] });
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia }, permissions: { query } });
  expect(await openCamera(WISH)).toBe('stream');
  states.camera = 'denied';
  await expect(openCamera(WISH)).rejects.toThrow('no');
});
