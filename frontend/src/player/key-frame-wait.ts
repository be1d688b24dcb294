// Says how long it takes until there is a picture, where the server has to wait for one: the encoder's key frames are so far apart that
// what came since the last one was too much to keep. The styles show the plate while there is no picture (data-key-wait).
import { setText } from '../core/dom';

export class KeyFrameWait {
  /** When the next key frame is due; undefined while nobody has to wait. */
  private due: number | undefined;
  private known = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly words: Record<string, string>,
  ) {}

  /** @param pictureInMillis until the picture; 0 when it is not known, null when there is one */
  told(pictureInMillis: number | null | undefined): void {
    this.known = Boolean(pictureInMillis);
    this.due = typeof pictureInMillis === 'number' ? Date.now() + pictureInMillis : undefined;
    this.look();
  }

  /** Counts down. Called every second. */
  look(): void {
    if (this.host.hasAttribute('data-picture')) {
      this.due = undefined; // it has arrived
    }
    this.host.toggleAttribute('data-key-wait', this.due !== undefined);
    if (this.due === undefined) {
      return;
    }
    const seconds = Math.ceil((this.due - Date.now()) / 1_000);
    // A key frame that is late is due at any moment.
    const text = this.known && seconds > 0 ? this.words['wait.in'] : this.words['wait.soon'];
    setText(this.host, '[data-fact="wait"]', (text ?? '').replace('{0}', String(seconds)));
  }
}
