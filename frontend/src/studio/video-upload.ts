// <video-upload data-uploads data-most>: files that become videos. What is sent, and how far it is, the server knows: the list is what it
// says, and beside it what this page is sending.
import { call, csrf, reasonOf, renewToken } from '../core/api';
import { setText, texts } from '../core/dom';
import { duration } from '../core/format';
import { Island } from '../core/island';
import { Lifetime } from '../core/lifetime';
import { openDialog } from '../ui/dialog';
import { type Answer, Speed, size, UploadFailed, UploadSender, type Wire } from './upload-sender';

interface Upload {
  readonly id: string;
  readonly fileName: string;
  readonly title: string;
  readonly size: number;
  readonly received: number;
  readonly state: 'RECEIVING' | 'WAITING' | 'IMPORTING' | 'DONE' | 'FAILED' | 'CANCELLED';
  readonly percent: number;
  readonly refusal?: string;
  readonly video?: string;
}

/** What this page is sending. */
interface Sending {
  readonly file: File;
  readonly speed: Speed;
  sent: number;
  stop: AbortController;
  phase: 'sending' | 'paused' | 'retry' | 'failed';
  words: string;
}

const ASK_AGAIN = 1_000;

const fill = (text: string | undefined, ...values: string[]) =>
  (text ?? '').replace(/\{(\d)\}/g, (_, at: string) => values[Number(at)] ?? '');

/** A piece by XMLHttpRequest, which alone tells how much of it has left. */
function post(path: string, offset: number, bytes: Blob, sent: (bytes: number) => void, signal: AbortSignal) {
  return new Promise<Answer>((resolve) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    const end = (answer: Answer) => {
      signal.removeEventListener('abort', stop);
      resolve(answer);
    };
    request.open('PATCH', path);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', 'application/offset+octet-stream');
    request.setRequestHeader('Upload-Offset', String(offset));
    for (const [name, value] of Object.entries(csrf())) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => sent(event.loaded);
    request.onload = () => {
      let problem: { code?: string; detail?: string } = {};
      try {
        problem = JSON.parse(request.responseText || '{}') as typeof problem;
      } catch {
        // a proxy's page
      }
      end({ status: request.status, offset: offsetOf(request.getResponseHeader('Upload-Offset')), ...problem });
    };
    request.onerror = () => end({ status: 0 });
    request.onabort = () => end({ status: 0 });
    signal.addEventListener('abort', stop);
    request.send(bytes);
  });
}

const offsetOf = (header: string | null) => (header === null ? undefined : Number(header));

function wire(path: string): Wire {
  return {
    piece: (offset, bytes, sent, signal) => post(path, offset, bytes, sent, signal),
    ask: async (signal) => {
      try {
        const answer = await fetch(path, { method: 'HEAD', signal, cache: 'no-store' });
        return { status: answer.status, offset: offsetOf(answer.headers.get('Upload-Offset')) };
      } catch {
        return { status: 0 };
      }
    },
    renew: renewToken,
    // Not longer than until the network is back.
    wait: (millis, signal) =>
      new Promise((resolve) => {
        const waiting = new Lifetime();
        const end = () => {
          waiting.end();
          resolve();
        };
        const timer = setTimeout(end, millis);
        waiting.atEnd(() => clearTimeout(timer));
        waiting.listen(window, 'online', end);
        waiting.listen(signal, 'abort', end);
      }),
  };
}

class VideoUpload extends Island {
  private words: Record<string, string> = {};
  private uploads: Upload[] = [];

  /** Once it is known what was begun. */
  private asked: Promise<void> = Promise.resolve();
  private readonly sending = new Map<string, Sending>();
  private readonly rows = new Map<string, HTMLElement>();
  private readonly said = new Map<string, string>();

  protected enter(life: Lifetime): void {
    this.words = texts(this);
    const input = this.querySelector<HTMLInputElement>('input[type="file"]');
    const drop = this.querySelector('.upload-drop');
    life.listen(input, 'change', () => {
      this.take([...(input?.files ?? [])], life);
      if (input) {
        input.value = ''; // the same file again is a choice as well
      }
    });
    life.listen(this.querySelector('form'), 'submit', (event) => event.preventDefault());
    life.listen<DragEvent>(this, 'dragover', (event) => {
      event.preventDefault();
      drop?.classList.add('upload-over');
    });
    life.listen<DragEvent>(this, 'dragleave', (event) => {
      if (!this.contains(event.relatedTarget as Node | null)) {
        drop?.classList.remove('upload-over');
      }
    });
    life.listen<DragEvent>(this, 'drop', (event) => {
      event.preventDefault();
      drop?.classList.remove('upload-over');
      this.take([...(event.dataTransfer?.files ?? [])], life);
    });
    life.listen<BeforeUnloadEvent>(window, 'beforeunload', (event) => {
      if ([...this.sending.values()].some((one) => one.phase === 'sending' || one.phase === 'retry')) {
        event.preventDefault();
      }
    });
    life.listen<MouseEvent>(this, 'click', (event) => this.pressed(event, life));
    life.atEnd(() => {
      for (const one of this.sending.values()) {
        one.stop.abort();
      }
    });
    life.every(ASK_AGAIN, () => {
      if (this.uploads.some((one) => one.state === 'WAITING' || one.state === 'IMPORTING')) {
        void this.ask();
      }
    });
    life.every(500, () => this.show());
    this.asked = this.ask();
    // Chosen while the script was on its way.
    this.take([...(input?.files ?? [])], life);
  }

  private path(id = ''): string {
    return `${this.dataset.uploads ?? ''}${id && `/${id}`}`;
  }

  private async ask(): Promise<void> {
    try {
      this.uploads = await call<Upload[]>('GET', this.path());
      this.show();
    } catch {
      // the next time
    }
  }

  private error(text: string): void {
    const line = this.querySelector<HTMLElement>('[data-fact="error"]');
    if (line) {
      line.hidden = text === '';
      setText(line, 'span', text);
    }
  }

  /** What was begun before goes on; all else begins. */
  private take(files: File[], life: Lifetime): void {
    void this.asked.then(() => this.takeKnown(files, life));
  }

  private takeKnown(files: File[], life: Lifetime): void {
    if (files.length === 0) {
      return;
    }
    this.error('');
    const title = this.querySelector<HTMLInputElement>('#title');
    for (const file of files) {
      const begun = this.uploads.find(
        (one) =>
          one.state === 'RECEIVING' &&
          one.fileName === file.name &&
          one.size === file.size &&
          !this.sending.has(one.id),
      );
      if (begun) {
        this.send(begun.id, file, begun.received, life);
      } else if (file.size > Number(this.dataset.most)) {
        this.error(this.dataset.tooLarge ?? '');
      } else {
        void this.begin(file, files.length === 1 ? (title?.value ?? '') : '', life);
      }
    }
    if (title) {
      title.value = '';
    }
  }

  private async begin(file: File, title: string, life: Lifetime): Promise<void> {
    try {
      const fresh = await call<Upload>('POST', this.path(), { fileName: file.name, size: file.size, title });
      this.uploads = [fresh, ...this.uploads];
      this.send(fresh.id, file, 0, life);
    } catch (failure) {
      this.error(reasonOf(failure));
    }
  }

  private send(id: string, file: File, sent: number, life: Lifetime): void {
    const one: Sending = {
      file,
      speed: new Speed(),
      sent,
      stop: new AbortController(),
      phase: 'sending',
      words: '',
    };
    this.sending.set(id, one);
    const sender = new UploadSender(wire(this.path(id)), {
      progress: (bytes) => {
        one.sent = bytes;
        one.speed.add(performance.now(), bytes);
        one.phase = one.phase === 'retry' ? 'sending' : one.phase;
      },
      retry: (millis) => {
        one.phase = 'retry';
        one.words = fill(this.words['state.retry'], String(Math.round(millis / 1_000)));
        this.show();
      },
    });
    sender.send(file, one.stop.signal).then(
      () => {
        this.sending.delete(id);
        void this.ask();
      },
      (failure: unknown) => {
        if (life.over || one.phase === 'paused') {
          return;
        }
        one.phase = 'failed';
        one.words =
          failure instanceof UploadFailed && failure.answer.detail ? failure.answer.detail : reasonOf(failure);
        if (failure instanceof UploadFailed && (failure.answer.status === 404 || failure.answer.status === 410)) {
          this.sending.delete(id);
        }
        void this.ask();
      },
    );
    this.show();
  }

  private pressed(event: MouseEvent, life: Lifetime): void {
    const button = (event.target as Element).closest<HTMLElement>('.upload [data-do]');
    const id = button?.closest<HTMLElement>('.upload')?.dataset.upload;
    const upload = this.uploads.find((one) => one.id === id);
    if (!button || !upload) {
      return;
    }
    const one = this.sending.get(upload.id);
    switch (button.dataset.do) {
      case 'pause':
        if (one) {
          one.phase = 'paused';
          one.stop.abort();
          this.show();
          this.rows.get(upload.id)?.querySelector<HTMLElement>('[data-do="resume"]')?.focus();
        }
        break;
      case 'resume':
        if (one) {
          this.send(upload.id, one.file, one.sent, life);
          this.rows.get(upload.id)?.querySelector<HTMLElement>('[data-do="pause"]')?.focus();
        } else {
          this.querySelector<HTMLInputElement>('input[type="file"]')?.click();
        }
        break;
      case 'cancel':
        this.askToCancel(upload, button);
        break;
      default:
    }
  }

  private askToCancel(upload: Upload, button: HTMLElement): void {
    const words = button.textContent ?? '';
    const sure = document.createElement('button');
    sure.type = 'button';
    sure.className = 'button button-filled button-danger';
    sure.textContent = words;
    const dialog = openDialog(upload.title, this.words.keep ?? '', button.dataset.ask ?? '');
    dialog.querySelector('.dialog-end')?.append(sure);
    sure.addEventListener('click', () => {
      dialog.close();
      this.sending.get(upload.id)?.stop.abort();
      this.sending.delete(upload.id);
      call('DELETE', this.path(upload.id))
        .catch((failure: unknown) => this.error(reasonOf(failure)))
        .finally(() => void this.ask());
    });
  }

  // ---- what is shown ----

  private show(): void {
    const list = this.querySelector('.upload-list');
    const template = this.querySelector('template');
    const none = this.querySelector<HTMLElement>('[data-fact="none"]');
    if (!list || !template) {
      return;
    }
    for (const upload of this.uploads) {
      let row = this.rows.get(upload.id);
      if (!row) {
        row = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
        row.dataset.upload = upload.id;
        const name = row.querySelector('.upload-title');
        if (name) {
          name.id = `upload-${upload.id}`;
          row.querySelector('progress')?.setAttribute('aria-labelledby', name.id);
        }
        this.rows.set(upload.id, row);
        list.prepend(row);
      }
      this.showRow(row, upload, this.sending.get(upload.id));
    }
    for (const [id, row] of this.rows) {
      if (!this.uploads.some((one) => one.id === id)) {
        row.remove();
        this.rows.delete(id);
      }
    }
    const wanted = this.uploads.map((one) => this.rows.get(one.id));
    if (wanted.some((row, at) => row !== list.children[at])) {
      list.replaceChildren(...wanted.filter((row) => row !== undefined));
    }
    if (none) {
      none.hidden = this.uploads.length > 0;
    }
  }

  private showRow(row: HTMLElement, upload: Upload, one: Sending | undefined): void {
    const receiving = upload.state === 'RECEIVING';
    const state = !receiving
      ? upload.state
      : !one || one.phase === 'failed'
        ? 'idle'
        : one.phase === 'paused'
          ? 'paused'
          : 'RECEIVING';
    const open = receiving || upload.state === 'WAITING' || upload.state === 'IMPORTING';
    row.dataset.state = state;
    setText(row, '.upload-title', upload.title);
    setText(row, '.upload-state', this.words[`state.${state}`] ?? '');
    const bar = row.querySelector('progress');
    const sent = one ? Math.max(one.sent, upload.received) : upload.received;
    const percent = receiving ? Math.floor((100 * sent) / upload.size) : upload.percent;
    if (bar) {
      bar.hidden = !open;
      bar.value = percent;
    }
    setText(row, '.upload-facts', this.facts(upload, one, sent, percent, open));
    const words = row.querySelector<HTMLElement>('.upload-words');
    const said =
      upload.refusal ??
      (one && (one.phase === 'retry' || one.phase === 'failed') ? one.words : undefined) ??
      (receiving && !one ? this.words.again : undefined);
    if (words) {
      words.hidden = !said;
      words.classList.toggle('error', upload.refusal !== undefined || one?.phase === 'failed');
      setText(row, '.upload-words', said ?? '');
    }
    const show = (what: string, shown: boolean) => {
      const button = row.querySelector<HTMLElement>(`[data-do="${what}"]`);
      if (button) {
        button.hidden = !shown;
      }
    };
    show('pause', receiving && (one?.phase === 'sending' || one?.phase === 'retry'));
    show('resume', receiving && (!one || one.phase === 'paused' || one.phase === 'failed'));
    show('cancel', open);
    show('open', upload.video !== undefined);
    row.querySelector('a[data-do="open"]')?.setAttribute('href', `/videos/${upload.video ?? ''}`);
    this.tell(upload, state);
  }

  private facts(upload: Upload, one: Sending | undefined, sent: number, percent: number, open: boolean): string {
    if (!open) {
      return size(upload.size);
    }
    if (upload.state !== 'RECEIVING') {
      return `${size(upload.size)} · ${percent} %`;
    }
    const facts = [fill(this.words.facts, size(sent), size(upload.size)), `${percent} %`];
    const speed = one?.phase === 'sending' ? one.speed.bytesPerSecond() : undefined;
    if (speed) {
      facts.push(
        fill(this.words.speed, size(speed)),
        fill(this.words.left, duration(((upload.size - sent) * 1_000) / speed)),
      );
    }
    return facts.join(' · ');
  }

  /** A change is said once, for whoever does not see it. */
  private tell(upload: Upload, state: string): void {
    const before = this.said.get(upload.id);
    this.said.set(upload.id, state);
    if (before !== undefined && before !== state) {
      setText(
        this,
        '[data-fact="said"]',
        `${upload.title}: ${this.words[`state.${state}`] ?? ''} ${upload.refusal ?? ''}`,
      );
    }
  }
}

customElements.define('video-upload', VideoUpload);
