// The packaged site on free ports with a data directory of its own, as somebody who runs it would start it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { waitFor } from './wait';

const JAR = process.env.MILLRACE_JAR ?? resolve(import.meta.dirname, '../../../platform-web/target/millrace.jar');
/** What the jar unpacks at its first start, if the build made it: most tests run what most people run. */
const PROGRAM = resolve(JAR, '../program');
/** Settings that ask for other beans than the build wrote out. */
const OTHER_BEANS = /^--(millrace\.styleguide|spring\.(?!mail\.))/;
const JAVA = process.env.MILLRACE_JAVA ?? 'java';

/** Below those that systems hand out by themselves: no connection of another test gets one meanwhile. */
const FIRST_PORT = 20_000;
const BEHIND_LAST_PORT = 32_000;

function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer();
    server.on('error', () => answer(false));
    server.listen(port, () => server.close(() => answer(true)));
  });
}

export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * (BEHIND_LAST_PORT - FIRST_PORT));
    if (await isFree(port)) {
      return port;
    }
  }
}

/** Where a site is: all that a test needs of one that somebody else started. */
export interface SiteAddress {
  readonly port: number;
  /** Where pages and media are on one encrypted port, if they are. */
  readonly sharedPort?: number | undefined;
  readonly rtmpPort: number;
  readonly httpPort: number;
  readonly directory: string;
}

/** A site that runs. */
export class Site implements SiteAddress {
  readonly port: number;
  readonly sharedPort?: number | undefined;
  readonly rtmpPort: number;
  readonly httpPort: number;
  readonly directory: string;
  readonly logFile: string;

  constructor(address: SiteAddress) {
    this.port = address.port;
    this.sharedPort = address.sharedPort;
    this.rtmpPort = address.rtmpPort;
    this.httpPort = address.httpPort;
    this.directory = address.directory;
    this.logFile = join(address.directory, 'site.log');
  }

  get url(): string {
    return this.sharedPort ? `https://localhost:${this.sharedPort}` : `http://localhost:${this.port}`;
  }

  get media(): string {
    return this.sharedPort ? this.url : `http://localhost:${this.httpPort}`;
  }

  get rtmp(): string {
    return `rtmp://127.0.0.1:${this.rtmpPort}/live`;
  }

  log(): string {
    try {
      return readFileSync(this.logFile, 'utf8');
    } catch {
      return '';
    }
  }

  async setupLink(): Promise<string> {
    await waitFor('the set-up link', () => /\/setup\/[0-9a-f]+/.test(this.log()));
    return `${this.url}${/\/setup\/[0-9a-f]+/.exec(this.log())?.[0]}`;
  }
}

/** A site whose process is the test's own. */
export class SiteProcess extends Site {
  private process: ChildProcess | undefined;

  private constructor(
    address: SiteAddress,
    private readonly options: string[],
    private readonly javaOptions: string[],
  ) {
    super(address);
  }

  static async start(...options: string[]): Promise<SiteProcess> {
    const site = await SiteProcess.prepare([], options);
    await site.launch();
    return site;
  }

  /** A site whose pages and media are on one port, encrypted with a certificate that nobody vouches for. */
  static async startShared(): Promise<SiteProcess> {
    const sharedPort = await freePort();
    const site = await SiteProcess.prepare([], [], { sharedPort });
    const store = join(site.directory, 'site.p12');
    const keytool = JAVA.includes('/') ? join(dirname(JAVA), 'keytool') : 'keytool';
    const words = '-genkeypair -alias site -keyalg EC -groupname secp256r1 -dname CN=localhost -ext san=dns:localhost';
    execFileSync(keytool, [...words.split(' '), '-storetype', 'PKCS12', '-keystore', store, '-storepass', 'changeit'], {
      stdio: 'ignore',
    });
    site.options.push(
      `--spring.ssl.bundle.jks.site.keystore.location=file:${store}`,
      '--spring.ssl.bundle.jks.site.keystore.password=changeit',
      '--spring.ssl.bundle.jks.site.keystore.type=PKCS12',
      '--millrace.tls.bundle=site',
      `--millrace.tls.rtmp-port=${await freePort()}`,
      `--millrace.tls.http-port=${await freePort()}`,
      `--millrace.https.port=${sharedPort}`,
      '--server.address=127.0.0.1',
    );
    await site.launch();
    return site;
  }

  /** A site that nobody has started yet. */
  static async prepare(
    javaOptions: string[],
    options: string[] = [],
    further: Partial<SiteAddress> = {},
  ): Promise<SiteProcess> {
    const address = {
      ...further,
      port: await freePort(),
      rtmpPort: await freePort(),
      httpPort: await freePort(),
      directory: mkdtempSync(join(tmpdir(), 'millrace-site-')),
    };
    return new SiteProcess(address, options, javaOptions);
  }

  /** Starts the process, also after {@link kill}: ports and data stay. Plainly: as people do, who give no option. */
  async launch(plainly = false): Promise<void> {
    const started = this.log().length;
    this.spawn(plainly);
    await waitFor(
      'the site is ready',
      () => {
        if (this.process?.exitCode !== null) {
          throw new Error(`the site ended with ${this.process?.exitCode}\n${this.log().slice(-3_000)}`);
        }
        return this.log().slice(started).includes('Millrace is ready');
      },
      180_000, // tells a start that hangs from one on a busy machine
      () => this.log().slice(-3_000),
    );
  }

  /** Starts the process and waits for nothing. */
  spawn(plainly = false): void {
    this.process = spawn(
      JAVA,
      [
        ...(plainly ? ['-jar', JAR] : this.chosen()),
        `--server.port=${this.port}`,
        `--millrace.rtmp.port=${this.rtmpPort}`,
        '--millrace.rtsp.port=0',
        '--millrace.srt.port=0',
        ...(this.options.some((option) => option.startsWith('--millrace.webrtc.port='))
          ? []
          : ['--millrace.webrtc.port=0']),
        `--millrace.http.port=${this.httpPort}`,
        `--millrace.data-dir=${join(this.directory, 'data')}`,
        ...this.ffmpeg(),
        ...this.options,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const out = createWriteStream(this.logFile, { flags: 'a' });
    this.process.stdout?.pipe(out);
    this.process.stderr?.pipe(out);
  }

  private chosen(): string[] {
    return [
      '-Xmx400m',
      // A site that runs for minutes gains nothing from the slower compiler.
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      ...this.javaOptions,
      ...this.program(),
    ];
  }

  /** What it runs as now, which its start may have changed (Linux). */
  commandLine(): string[] {
    return readFileSync(`/proc/${this.process?.pid}/cmdline`, 'utf8').split('\0');
  }

  /** Whether the build made what a plain start unpacks. */
  static packed(): boolean {
    return process.platform === 'linux' && existsSync(join(PROGRAM, 'millrace.aot'));
  }

  private program(): string[] {
    const cache = join(PROGRAM, 'millrace.aot');
    if (!existsSync(cache) || this.options.some((option) => OTHER_BEANS.test(option))) {
      return ['-jar', JAR];
    }
    return [
      '-XX:+UseCompactObjectHeaders',
      `-XX:AOTCache=${cache}`,
      '-Xlog:aot*=off',
      '-Dspring.aot.enabled=true',
      '-jar',
      join(PROGRAM, 'millrace.jar'),
    ];
  }

  /** The build's own FFmpeg looks for its libraries beside it, and only it shall. */
  private ffmpeg(): string[] {
    const program = process.env.MILLRACE_FFMPEG;
    if (!program) {
      return [];
    }
    const script = join(this.directory, 'ffmpeg');
    writeFileSync(script, `#!/bin/sh\nLD_LIBRARY_PATH='${dirname(program)}' exec '${program}' "$@"\n`);
    chmodSync(script, 0o755);
    return [`--millrace.ffmpeg.path=${script}`];
  }

  /** As a crash would: nothing gets a chance to clean up. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Ends it in order; answers the exit code. */
  async stop(): Promise<number | null> {
    const code = await this.end('SIGTERM');
    rmSync(this.directory, { recursive: true, force: true });
    return code;
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const running = this.process;
    if (!running || running.exitCode !== null || running.signalCode !== null) {
      return running?.exitCode ?? null;
    }
    const ended = new Promise<number | null>((done) => running.once('exit', done));
    running.kill(signal);
    return ended;
  }
}
