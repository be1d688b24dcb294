// A cache as a CDN has one: keeps what it is told to, for as long, and asks once for what many want at a time.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Kept {
  until: number;
  status: number;
  headers: [string, string][];
  body: Buffer;
}

export class Cache {
  /** How often each address was asked for, and how often the origin was. */
  readonly asked = new Map<string, number>();
  readonly fetched = new Map<string, number>();
  /** Where it asks; nowhere at first. */
  origin = '';
  private readonly kept = new Map<string, Promise<Kept>>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Cache> {
    let cache: Cache | undefined;
    const server = createServer((request, response) => {
      const answer = request.url?.startsWith('/k/') ? cache?.answer(request.url) : undefined;
      void (answer ?? Promise.reject(new Error('not here'))).then(
        ({ status, headers, body }) => response.writeHead(status, Object.fromEntries(headers)).end(body),
        () => response.writeHead(404).end(),
      );
    });
    cache = new Cache(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return cache;
  }

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  private async answer(url: string): Promise<Kept> {
    count(this.asked, url);
    const there = await this.kept.get(url)?.catch(() => undefined);
    if (there && Date.now() < there.until) {
      return there;
    }
    const fresh = this.fetch(url);
    this.kept.set(url, fresh);
    return fresh;
  }

  private async fetch(url: string): Promise<Kept> {
    count(this.fetched, url);
    const answer = await fetch(`${this.origin}${url}`, { headers: { 'Accept-Encoding': 'identity' } });
    const body = Buffer.from(await answer.arrayBuffer());
    const said = answer.headers.get('Cache-Control') ?? '';
    const seconds = Number(/s-maxage=(\d+)/.exec(said)?.[1] ?? /max-age=(\d+)/.exec(said)?.[1] ?? 0);
    const headers = [...answer.headers].filter(([name]) => !/^(connection|transfer-encoding|keep-alive)$/.test(name));
    return { until: Date.now() + seconds * 1_000, status: answer.status, headers, body };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((done) => this.server.close(() => done()));
  }
}

function count(counts: Map<string, number>, url: string): void {
  counts.set(url, (counts.get(url) ?? 0) + 1);
}
