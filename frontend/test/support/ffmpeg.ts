// FFmpeg as publisher and judge: the program that the build took from Maven Central, else the system's own.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';

const FFMPEG = process.env.MILLRACE_FFMPEG ?? 'ffmpeg';

if (process.env.MILLRACE_FFMPEG) {
  chmodSync(FFMPEG, 0o755); // a jar keeps no permissions
}

/** Its libraries lie beside it. */
const environment = process.env.MILLRACE_FFMPEG
  ? { ...process.env, LD_LIBRARY_PATH: dirname(FFMPEG), DYLD_LIBRARY_PATH: dirname(FFMPEG) }
  : process.env;

/** Every frame is composed in software on each page that shows it: no more of them than a moving picture needs. */
const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=480x270:r=12'];
const TONE = ['-f', 'lavfi', '-i', 'sine=b=2:r=44100'];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '24', '-pix_fmt', 'yuv420p'];

/** Track layouts that encoders send. */
export const LAYOUTS: Record<string, string[]> = {
  'H.264 + AAC': [...PICTURE, ...TONE, ...H264, '-c:a', 'aac'],
  'H.264 with B-frames + AAC': [
    ...PICTURE,
    ...TONE,
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-bf',
    '3',
    '-g',
    '24',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
  ],
  'H.264 + MP3': [...PICTURE, ...TONE, ...H264, '-c:a', 'libmp3lame', '-ar', '44100'],
  'AAC alone': [...TONE, '-c:a', 'aac'],
  'MP3 alone': [...TONE, '-c:a', 'libmp3lame', '-ar', '44100'],
  'H.264 alone': [...PICTURE, ...H264, '-an'],
};

export class Publisher {
  private output = '';
  readonly exited: Promise<number | null>;

  private constructor(private readonly process: ChildProcess) {
    process.stderr?.on('data', (data) => {
      this.output += data;
    });
    this.exited = new Promise((done) => process.once('exit', (code) => done(code)));
  }

  static start(url: string, layout: string[] = LAYOUTS['H.264 + AAC'] ?? []): Publisher {
    return new Publisher(
      spawn(FFMPEG, ['-nostdin', '-nostats', '-v', 'warning', '-re', ...layout, '-f', 'flv', url], {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: environment,
      }),
    );
  }

  get said(): string {
    return this.output;
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    if (this.running) {
      this.process.kill('SIGINT');
      await this.exited;
    }
  }
}

/** An encoder that reconnects, as OBS does: a new FFmpeg two seconds after the last one ended. */
export class StubbornPublisher {
  private current: Publisher;
  private wanted = true;
  private pauseMillis = 2_000;

  constructor(private readonly url: string) {
    this.current = Publisher.start(url);
    void this.again();
  }

  private async again(): Promise<void> {
    while (this.wanted) {
      await this.current.exited;
      await new Promise((done) => setTimeout(done, this.pauseMillis));
      this.pauseMillis = 2_000;
      if (this.wanted) {
        this.current = Publisher.start(this.url);
      }
    }
  }

  /** As a cable that is pulled: this encoder dies without a word, the next one comes by itself after a while. */
  async interrupt(pauseMillis: number): Promise<void> {
    this.pauseMillis = pauseMillis;
    this.current.kill();
    await this.current.exited;
  }

  async stop(): Promise<void> {
    this.wanted = false;
    await this.current.stop();
  }
}

/** What FFmpeg complains about when it decodes an address for some seconds; empty when it is content. */
export async function complaints(url: string, seconds: number): Promise<string> {
  const judge = spawn(
    FFMPEG,
    ['-nostdin', '-nostats', '-v', 'warning', '-i', url, '-t', String(seconds), '-f', 'null', '-'],
    { stdio: ['ignore', 'ignore', 'pipe'], env: environment },
  );
  let said = '';
  judge.stderr.on('data', (data) => {
    said += data;
  });
  const limit = setTimeout(
    () => {
      said += 'took too long';
      judge.kill('SIGKILL');
    },
    (seconds + 30) * 1_000,
  );
  await new Promise((done) => judge.once('exit', done));
  clearTimeout(limit);
  // FFmpeg 5 puts the initialization section before every segment of HLS in CMAF and then warns of finding it again.
  return said
    .split('\n')
    .filter((line) => !/Found duplicated MOOV Atom|Last message repeated/.test(line))
    .join('\n')
    .trim();
}

/** Makes a file of some seconds, as somebody has it on their disk: noise, which takes a megabyte for every two seconds. */
export async function film(path: string, seconds: number): Promise<void> {
  const noise = `nullsrc=s=320x180:r=12:d=${seconds},geq=lum='random(1)*255':cb=128:cr=128`;
  const sound = `sine=b=2:r=44100:d=${seconds}`;
  const coded = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-bf',
    '2',
    '-g',
    '24',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
  ];
  const process = spawn(
    FFMPEG,
    ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', noise, '-f', 'lavfi', '-i', sound, ...coded, path],
    { env: environment, stdio: 'inherit' },
  );
  const code = await new Promise((done) => process.once('exit', done));
  if (code !== 0) {
    throw new Error(`FFmpeg made no film: ${code}`);
  }
}
