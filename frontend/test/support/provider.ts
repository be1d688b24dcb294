// Somebody else's service of log-ins (OpenID Connect), small and honest: whoever says yes there is its one person.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const CLIENT = { id: 'millrace', secret: 'the-browser-tests-own' };

interface Asked {
  readonly redirect: string;
  readonly nonce: string;
  readonly challenge: string;
}

const base64 = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64url');

export class Provider {
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly codes = new Map<string, Asked>();
  readonly issuer: string;

  private constructor(
    private readonly server: Server,
    readonly person: { subject: string; email: string; name: string },
  ) {
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => void this.answer(request, response));
  }

  static async start(person: { subject: string; email: string; name: string }): Promise<Provider> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new Provider(server, person);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        json(response, {
          issuer: this.issuer,
          authorization_endpoint: `${this.issuer}/authorize`,
          token_endpoint: `${this.issuer}/token`,
          jwks_uri: `${this.issuer}/keys`,
          subject_types_supported: ['public'],
          response_types_supported: ['code'],
          id_token_signing_alg_values_supported: ['RS256'],
        });
        break;
      case '/keys':
        json(response, {
          keys: [{ ...this.keys.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }],
        });
        break;
      case '/authorize':
        response.setHeader('Content-Type', 'text/html; charset=utf-8');
        response.end(`<h1>Casita</h1><p>Are you ${this.person.name}?</p><p><a href="${this.consent(url)}">Yes</a></p>`);
        break;
      case '/token':
        await this.token(request, response);
        break;
      default:
        response.writeHead(404).end();
    }
  }

  /** Where somebody goes who says yes. */
  private consent(url: URL): string {
    const asked = (name: string) => url.searchParams.get(name) ?? '';
    const code = randomUUID();
    this.codes.set(code, {
      redirect: asked('redirect_uri'),
      nonce: asked('nonce'),
      challenge: asked('code_challenge'),
    });
    const back = new URL(asked('redirect_uri'));
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked('state'));
    return back.href.replaceAll('&', '&amp;');
  }

  private async token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const asked = this.codes.get(form.get('code') ?? '');
    this.codes.delete(form.get('code') ?? '');
    const client = `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`;
    const verified = base64(
      createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest(),
    );
    if (
      request.headers.authorization !== client ||
      !asked ||
      asked.challenge !== verified ||
      asked.redirect !== form.get('redirect_uri')
    ) {
      response.statusCode = 400;
      json(response, { error: 'invalid_grant' });
      return;
    }
    const now = Math.floor(Date.now() / 1_000);
    const head = base64(JSON.stringify({ alg: 'RS256', kid: 'one' }));
    const body = base64(
      JSON.stringify({
        iss: this.issuer,
        sub: this.person.subject,
        aud: CLIENT.id,
        iat: now,
        exp: now + 300,
        auth_time: now,
        nonce: asked.nonce,
        email: this.person.email,
        email_verified: true,
        preferred_username: this.person.name,
      }),
    );
    const signature = base64(sign('sha256', Buffer.from(`${head}.${body}`), this.keys.privateKey));
    json(response, {
      access_token: randomUUID(),
      token_type: 'Bearer',
      expires_in: 300,
      id_token: `${head}.${body}.${signature}`,
    });
  }
}

function json(response: ServerResponse, body: unknown): void {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}
