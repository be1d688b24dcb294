// The very first use of the packaged site: everything is asked for at once, the moment the port opens, while classes are still loaded for
// the first time. Virtual threads, were there any, would have a single carrier: what waits for another thread's class would wait for ever.
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { Site } from './support/site';
import { waitFor } from './support/wait';

const PAGES = [
  '/',
  '/signup',
  '/login',
  '/search?q=a',
  '/categories',
  '/privacy',
  '/following',
  '/api/v1/openapi',
  '/nobody',
  '/embed/nobody',
];

function opens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

test('thirty requests the moment the port opens are answered, and so is the next one; SIGTERM ends it', async () => {
  const site = await Site.prepare([
    '-Djdk.virtualThreadScheduler.parallelism=1',
    '-Djdk.virtualThreadScheduler.maxPoolSize=1',
  ]);
  try {
    site.spawn();
    await waitFor(
      'the port opens',
      () => opens(site.port),
      100_000,
      () => site.log().slice(-3_000),
    );
    const asked = [...PAGES, ...PAGES, ...PAGES].map(async (path) => {
      const answer = await fetch(`${site.url}${path}`, { redirect: 'manual', signal: AbortSignal.timeout(60_000) });
      await answer.arrayBuffer();
      return `${path} ${answer.status}`;
    });
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => / 5\d\d$/.test(answer))).toEqual([]);
    expect((await fetch(`${site.url}/login`, { signal: AbortSignal.timeout(10_000) })).status).toBe(200);
    const health = await fetch(`${site.url}/actuator/health`, { signal: AbortSignal.timeout(10_000) });
    expect(await health.json()).toMatchObject({ status: 'UP' });
  } finally {
    expect(await site.stop()).toBe(143);
  }
}, 240_000);
