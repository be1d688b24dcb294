// Publishing by WHIP (RFC 9725): one connection, from its offer to its end. Whoever loses it begins another.
import { Lifetime } from '../../core/lifetime';
import type { Quality } from './capture';
import { offeredAddresses, preferred, wishing } from './sdp';

/** Whoever is not connected by then is kept from it by the network. */
const CONNECT_MILLIS = 5_000;
const ANSWER_MILLIS = 10_000;
const GOODBYE_MILLIS = 1_000;
/** A connection that is gone for so long is not waited for. */
const LOST_MILLIS = 3_000;

/** Why somebody is not on air. */
export class PublishError extends Error {
  constructor(
    readonly kind: 'refused' | 'contested' | 'again' | 'unreached' | 'blocked',
    message: string,
    /** That were tried, where nothing came through. */
    readonly addresses: string[] = [],
  ) {
    super(message);
  }
}

export class WhipConnection {
  private constructor(
    private readonly peer: RTCPeerConnection,
    private readonly picture: RTCRtpSender,
    private readonly session: string,
    /** Ends with the connection, or ends it. */
    readonly life: Lifetime,
  ) {}

  /**
   * Offers, and is connected.
   *
   * @param lost told once, when the connection is gone by itself
   * @throws PublishError
   */
  static async open(
    address: string,
    secret: string,
    tracks: { video: MediaStreamTrack | undefined; audio: MediaStreamTrack },
    quality: Quality,
    life: Lifetime,
    lost: () => void,
  ): Promise<WhipConnection> {
    const mine = new Lifetime();
    life.atEnd(() => mine.end());
    const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    mine.atEnd(() => peer.close());
    let session: string | undefined;
    try {
      const stream = new MediaStream();
      peer.addTransceiver(tracks.audio, { direction: 'sendonly', streams: [stream] });
      const picture = peer.addTransceiver(tracks.video ?? 'video', {
        direction: 'sendonly',
        streams: [stream],
        sendEncodings: [{ maxBitrate: quality.bitrate, maxFramerate: 30 }],
      });
      const known = RTCRtpSender.getCapabilities?.('video')?.codecs;
      if (known && 'setCodecPreferences' in picture) {
        picture.setCodecPreferences(preferred(known));
      }
      await peer.setLocalDescription();
      const answer = await offer(address, secret, peer.localDescription?.sdp ?? '', mine);
      session = answer.session;
      await peer.setRemoteDescription({ type: 'answer', sdp: wishing(answer.sdp) });
      if (!(await connected(peer, mine))) {
        throw new PublishError('blocked', 'nothing comes through', offeredAddresses(answer.sdp));
      }
      const connection = new WhipConnection(peer, picture.sender, answer.session, mine);
      connection.watch(lost);
      return connection;
    } catch (error) {
      mine.end();
      if (session) {
        void goodbye(session); // it would wait for us
      }
      throw error;
    }
  }

  private watch(lost: () => void): void {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const gone = () => {
      if (!this.life.over) {
        this.life.end();
        lost();
      }
    };
    this.life.atEnd(() => clearTimeout(waiting));
    this.life.listen(this.peer, 'connectionstatechange', () => {
      clearTimeout(waiting);
      if (this.peer.connectionState === 'disconnected') {
        waiting = setTimeout(gone, LOST_MILLIS);
      } else if (this.peer.connectionState === 'failed' || this.peer.connectionState === 'closed') {
        gone();
      }
    });
    // Whoever is sent away hears it at once by the handshake's goodbye.
    const { transport } = this.picture;
    if (transport) {
      this.life.listen(transport, 'statechange', () => transport.state === 'closed' && gone());
    }
    // Another network is another way: what went by the old one does not come back.
    this.life.listen(window, 'offline', gone);
  }

  /** Another picture, without leaving the air; none, and the last one stays. */
  async show(track: MediaStreamTrack | undefined): Promise<void> {
    await this.picture.replaceTrack(track ?? null);
  }

  /** How large a picture may be and what it may cost, and what is kept when the connection carries less. */
  async limit(quality: Quality, keep: RTCDegradationPreference): Promise<void> {
    const height = this.picture.track?.getSettings().height ?? 0;
    const parameters = this.picture.getParameters();
    const [encoding] = parameters.encodings;
    if (encoding) {
      encoding.maxBitrate = quality.bitrate;
      // A screen has the size that it has.
      encoding.scaleResolutionDownBy = Math.max(1, height / quality.height);
      await this.picture.setParameters({ ...parameters, degradationPreference: keep }).catch(() => {});
    }
  }

  /** Says goodbye (RFC 9725 §4.2), so that nobody takes it for an accident. */
  async end(): Promise<void> {
    await goodbye(this.session);
    this.life.end();
  }

  stats(): Promise<RTCStatsReport> {
    return this.peer.getStats();
  }
}

async function goodbye(session: string): Promise<void> {
  await fetch(session, { method: 'DELETE', signal: AbortSignal.timeout(GOODBYE_MILLIS) }).catch(() => {});
}

interface Answer {
  sdp: string;
  /** Its address. */
  session: string;
}

async function offer(address: string, secret: string, sdp: string, life: Lifetime): Promise<Answer> {
  let answer: Response;
  const asking = new Lifetime();
  const late = setTimeout(() => asking.end(), ANSWER_MILLIS);
  asking.atEnd(() => clearTimeout(late));
  const leave = () => asking.end();
  life.signal.addEventListener('abort', leave, { once: true });
  try {
    answer = await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${secret}` },
      body: sdp,
      signal: asking.signal,
    });
  } catch (error) {
    throw new PublishError('unreached', error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(late);
    life.signal.removeEventListener('abort', leave);
  }
  if (answer.status !== 201) {
    const words = (await answer.text().catch(() => '')).trim();
    // Taken over a moment ago, too many at a time, or about to go down: all of which passes. And who asks for another key hears why not.
    const passes = [401, 403, 409, 429].includes(answer.status) || answer.status >= 500;
    const kind = answer.status === 409 ? 'contested' : passes ? 'again' : 'refused';
    throw new PublishError(kind, words || String(answer.status));
  }
  const session = new URL(answer.headers.get('Location') ?? '', answer.url).href;
  return { sdp: await answer.text(), session };
}

/** Whether the connection stands within the time for it. */
function connected(peer: RTCPeerConnection, life: Lifetime): Promise<boolean> {
  return new Promise((resolve) => {
    const waiting = new Lifetime();
    const end = (stands: boolean) => {
      waiting.end();
      resolve(stands);
    };
    const timer = setTimeout(end, CONNECT_MILLIS, false);
    waiting.atEnd(() => clearTimeout(timer));
    life.atEnd(() => end(false));
    const look = () => {
      if (peer.connectionState === 'connected' || peer.connectionState === 'failed') {
        end(peer.connectionState === 'connected');
      }
    };
    waiting.listen(peer, 'connectionstatechange', look);
    look();
  });
}
