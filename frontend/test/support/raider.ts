// Somebody with an account and without a browser: signs up, opens the page's socket and talks. Two hundred of them are a raid.
import { randomBytes, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { signUp, signUpForm } from './account';
import type { Site } from './site';

export class Raider {
  private socket: Socket | undefined;
  /** Everything that the socket said, as it came. */
  heard = '';

  private constructor(
    private readonly site: Site,
    readonly name: string,
    private readonly session: string,
  ) {}

  /** Some at a time, each with a request of their own. */
  static async signUpAll(site: Site, names: string[]): Promise<Raider[]> {
    const form = await signUpForm(site);
    const raiders: Raider[] = [];
    for (let i = 0; i < names.length; i += 10) {
      const some = names.slice(i, i + 10);
      const sessions = await Promise.all(some.map((name) => signUp(site, name, form)));
      raiders.push(...sessions.map((session, k) => new Raider(site, some[k] ?? '', session)));
    }
    return raiders;
  }

  async join(channel: string): Promise<void> {
    this.socket = await new Promise<Socket>((done, failed) => {
      const asked = request(`${this.site.url}/api/v1/socket`, {
        headers: {
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
          Origin: this.site.url,
          Cookie: `SESSION=${this.session}`,
        },
      });
      asked.on('upgrade', (_, socket) => done(socket));
      asked.on('response', (answer) => failed(new Error(`no socket: ${answer.statusCode}`)));
      asked.on('error', failed);
      asked.end();
    });
    this.socket.on('data', (data) => {
      this.heard += data.toString('latin1');
    });
    this.socket.on('error', () => {});
    this.send({ type: 'join', topics: [`chat:${channel}`] });
  }

  say(channel: string, text: string): void {
    this.send({ type: 'say', topic: `chat:${channel}`, id: randomUUID(), text });
  }

  /** One masked text frame (RFC 6455 §5.2). */
  private send(message: unknown): void {
    const body = Buffer.from(JSON.stringify(message));
    const mask = randomBytes(4);
    const head =
      body.length < 126
        ? Buffer.from([0x81, 0x80 | body.length])
        : Buffer.from([0x81, 0x80 | 126, body.length >> 8, body.length & 0xff]);
    const masked = body.map((byte, at) => byte ^ (mask[at % 4] ?? 0));
    this.socket?.write(Buffer.concat([head, mask, masked]));
  }

  leave(): void {
    this.socket?.destroy();
  }
}
