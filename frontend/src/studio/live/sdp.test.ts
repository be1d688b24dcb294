import { expect, test } from 'vitest';
import { offeredAddresses, preferred, wishing } from './sdp';

const ANSWER = [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=candidate:1 1 udp 2130706431 192.0.2.7 8189 typ host',
  'a=candidate:2 1 UDP 2130706175 2001:db8::7 8189 typ host',
  'a=candidate:3 1 tcp 1671430143 192.0.2.7 8189 typ host tcptype passive',
  'm=video 9 UDP/TLS/RTP/SAVPF 102',
  'a=rtpmap:102 H264/90000',
  'a=candidate:1 1 udp 2130706431 192.0.2.7 8189 typ host',
  '',
].join('\r\n');

test('the addresses of an answer are said once each', () => {
  expect(offeredAddresses(ANSWER)).toEqual([
    '192.0.2.7:8189 (UDP)',
    '[2001:db8::7]:8189 (UDP)',
    '192.0.2.7:8189 (TCP)',
  ]);
  expect(offeredAddresses('v=0\r\n')).toEqual([]);
});

test('an answer asks for both channels of Opus and for a good beginning, whatever it said before', () => {
  const wished = wishing(ANSWER);
  expect(wished).toContain('a=fmtp:111 minptime=10;useinbandfec=1;stereo=1;maxaveragebitrate=128000\r\n');
  expect(wished).toContain('a=rtpmap:102 H264/90000\r\na=fmtp:102 x-google-start-bitrate=1500\r\n');
  expect(
    wished.replace(';stereo=1;maxaveragebitrate=128000', '').replace('a=fmtp:102 x-google-start-bitrate=1500\r\n', ''),
  ).toBe(ANSWER);
  expect(wishing(wished)).toBe(wished);
  const bare = ANSWER.replace(/a=fmtp:111.*\r\n/, '');
  expect(wishing(bare)).toContain('a=rtpmap:111 opus/48000/2\r\na=fmtp:111 stereo=1;maxaveragebitrate=128000\r\n');
  expect(wishing('v=0\r\n')).toBe('v=0\r\n');
});

test('H.264 in one packet after another is tried first, and what helps it stays', () => {
  const codec = (mimeType: string, sdpFmtpLine?: string) =>
    ({ mimeType, clockRate: 90_000, sdpFmtpLine }) as RTCRtpCodec;
  const order = preferred([
    codec('video/VP8'),
    codec('video/rtx'),
    codec('video/H264', 'packetization-mode=0'),
    codec('video/VP9'),
    codec('video/H264', 'packetization-mode=1'),
  ]);
  expect(order.map(({ mimeType, sdpFmtpLine = '' }) => mimeType + sdpFmtpLine)).toEqual([
    'video/H264packetization-mode=1',
    'video/H264packetization-mode=0',
    'video/VP9',
    'video/VP8',
    'video/rtx',
  ]);
});
