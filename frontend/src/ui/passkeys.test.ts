// What older browsers cannot: options and answers between JSON and bytes.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answer, creationOptions, requestOptions } from './passkeys';

beforeEach(() => vi.stubGlobal('PublicKeyCredential', class {}));
afterEach(() => vi.unstubAllGlobals());

const plain = (source: BufferSource | undefined) => [...new Uint8Array(source as ArrayBuffer)];

test('what is asked for is read without the help of the browser', () => {
  const made = creationOptions({
    rp: { id: 'live.example.org', name: 'Live' },
    user: { id: '-_8', name: 'anna', displayName: 'anna' },
    challenge: 'AQID',
    pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    excludeCredentials: [{ type: 'public-key', id: 'BA', transports: ['internal'] }],
  });
  expect(plain(made.challenge)).toEqual([1, 2, 3]);
  expect(plain(made.user.id)).toEqual([251, 255]);
  expect(plain(made.excludeCredentials?.[0]?.id)).toEqual([4]);
  expect(made.rp.id).toBe('live.example.org');
  const asked = requestOptions({ challenge: 'AQID', allowCredentials: [], userVerification: 'required' });
  expect(plain(asked.challenge)).toEqual([1, 2, 3]);
  expect(asked.userVerification).toBe('required');
});

test('what is answered is written without the help of the browser', () => {
  const bytes = (...values: number[]) => Uint8Array.from(values).buffer;
  const shown = answer({
    id: 'BA',
    type: 'public-key',
    rawId: bytes(4),
    response: { clientDataJSON: bytes(1), authenticatorData: bytes(2), signature: bytes(251, 255), userHandle: null },
    getClientExtensionResults: () => ({}),
  } as unknown as PublicKeyCredential);
  expect(JSON.parse(JSON.stringify(shown))).toEqual({
    id: 'BA',
    rawId: 'BA',
    type: 'public-key',
    response: { clientDataJSON: 'AQ', authenticatorData: 'Ag', signature: '-_8' },
    clientExtensionResults: {},
  });
});
