// One track of sound for as long as somebody is on air, whatever comes and goes in it: the microphone, and what is heard on a shared screen.
import type { Lifetime } from '../../core/lifetime';
import { decibels, Level } from '../../player/sound-level';

export type Voice = 'microphone' | 'screen';

export class Mixer {
  /** What is sent. */
  readonly track: MediaStreamTrack;
  /** At the rate of the device: Firefox connects no microphone of another. */
  private readonly context = new AudioContext({ latencyHint: 'interactive' });
  private readonly out: MediaStreamAudioDestinationNode;
  private readonly analyser: AnalyserNode;
  private readonly own: GainNode;
  private readonly samples: Float32Array<ArrayBuffer>;
  private readonly sources = new Map<Voice, MediaStreamAudioSourceNode>();
  private readonly level = new Level();

  /** To be made when somebody pressed something: sound is made for nobody before. */
  constructor(life: Lifetime) {
    this.out = this.context.createMediaStreamDestination();
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 2_048;
    this.samples = new Float32Array(this.analyser.fftSize);
    this.own = this.context.createGain();
    this.own.connect(this.analyser);
    this.analyser.connect(this.out);
    this.track = this.out.stream.getAudioTracks()[0] as MediaStreamTrack;
    void this.context.resume();
    // A phone takes the sound away while it rings, and leaves it to us to go on.
    life.listen(this.context, 'statechange', () => {
      if (this.context.state !== 'closed' && this.context.state !== 'running') {
        void this.context.resume().catch(() => {});
      }
    });
    life.listen(document, 'visibilitychange', () => void this.context.resume().catch(() => {}));
    life.atEnd(() => {
      for (const voice of [...this.sources.keys()]) {
        this.put(voice, undefined);
      }
      void this.context.close();
    });
  }

  /** Puts a track in the place of the one that was there, which ends. */
  put(voice: Voice, track: MediaStreamTrack | undefined): void {
    const before = this.sources.get(voice);
    before?.disconnect();
    for (const old of before?.mediaStream.getTracks() ?? []) {
      old.stop();
    }
    this.sources.delete(voice);
    if (track) {
      const source = this.context.createMediaStreamSource(new MediaStream([track]));
      source.connect(voice === 'microphone' ? this.own : this.analyser);
      this.sources.set(voice, source);
    }
  }

  has(voice: Voice): boolean {
    return this.sources.has(voice);
  }

  /** Of the microphone alone: whoever shares a film is not heard beside it. */
  mute(muted: boolean): void {
    this.own.gain.value = muted ? 0 : 1;
  }

  /** How loud what is sent is now. */
  measure(millis: number): Level {
    this.analyser.getFloatTimeDomainData(this.samples);
    this.level.follow(decibels(this.samples), millis);
    return this.level;
  }
}
