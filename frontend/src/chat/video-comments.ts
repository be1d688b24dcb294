// <video-comments data-video data-channel data-count>: comments below a video, written, read on and deleted while the picture goes on. The
// template draws everything with forms and links that do the same; this takes over.
import { call, reasonOf } from '../core/api';
import { element, icon, lang, setText, texts } from '../core/dom';
import { count } from '../core/format';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { askMoment } from '../core/moment';
import { openReport } from '../ui/report-dialog';
import type { CommentPage, VideoComment } from '../wire/comments';
import { draftFor, keepDraft } from './comment-draft';
import { commentElement, fresh } from './comment-view';

class VideoComments extends Island {
  private words: Record<string, string> = {};
  private video = '';
  private total = 0;
  private busy = false;

  protected enter(life: Lifetime): void {
    this.words = texts(this);
    this.video = this.dataset.video ?? '';
    this.total = Number(this.dataset.count ?? 0);
    const box = this.querySelector<HTMLTextAreaElement>('.comment-form textarea');
    if (box) {
      box.value ||= draftFor(this.video);
      life.listen(box, 'input', () => keepDraft(this.video, box.value));
    }
    life.listen<SubmitEvent>(this, 'submit', (event) => {
      const form = event.target as HTMLFormElement;
      const row = form.closest<HTMLElement>('[data-comment]');
      event.preventDefault();
      void this.once(() => (row ? this.removed(row) : this.send(form)));
    });
    life.listen<MouseEvent>(this, 'click', (event) => this.clicked(event));
  }

  /** One thing at a time: a second click does nothing more. */
  private async once(work: () => Promise<void>): Promise<void> {
    if (!this.busy) {
      this.busy = true;
      await work();
      this.busy = false;
    }
  }

  private address(rest = ''): string {
    return `/api/v1/videos/${this.video}/comments${rest}`;
  }

  // ---- writing -----------------------------------------------------------------------------------------------------

  private async send(form: HTMLFormElement): Promise<void> {
    const box = form.querySelector('textarea') as HTMLTextAreaElement;
    const text = box.value;
    this.refuse(form, '');
    try {
      const comment = await call<VideoComment>('POST', this.address(), { text });
      // What was typed meanwhile is another one.
      if (box.value === text) {
        box.value = '';
        keepDraft(this.video, '');
      }
      this.querySelector('.comment-list')?.prepend(...this.rows([comment]));
      this.counted(1);
      this.say(this.words.sent);
    } catch (failure) {
      this.refuse(form, reasonOf(failure));
      box.focus();
    }
  }

  /** Says why something is not sent, or takes that back. */
  private refuse(form: HTMLFormElement, why: string): void {
    const error = form.querySelector<HTMLElement>('.error');
    const box = form.querySelector('textarea');
    if (error && box) {
      setText(error, 'span', why);
      error.hidden = why === '';
      box.toggleAttribute('aria-invalid', false);
      box.setAttribute('aria-describedby', why === '' ? 'comment-help' : 'comment-error');
      if (why !== '') {
        box.setAttribute('aria-invalid', 'true');
      }
    }
  }

  // ---- what is shown -----------------------------------------------------------------------------------------------

  private rows(comments: VideoComment[]): HTMLElement[] {
    const shown = [...this.querySelectorAll<HTMLElement>('[data-comment]')].map((row) => row.dataset.comment);
    return fresh(shown, comments).map((comment) =>
      commentElement(comment, this.video, this.dataset.channel ?? '', this.words),
    );
  }

  private counted(more: number): void {
    this.total = Math.max(0, this.total + more);
    setText(this, '[data-fact="count"]', count(this.total, lang()));
    this.querySelector('.comments-none')?.toggleAttribute('hidden', this.total > 0);
  }

  private say(text: string | undefined): void {
    setText(this, '[data-fact="said"]', text ?? '');
  }

  private clicked(event: MouseEvent): void {
    const link = (event.target as Element).closest('a');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    const row = link.closest<HTMLElement>('[data-comment]');
    if (link.dataset.at !== undefined) {
      event.preventDefault();
      askMoment(Number(link.dataset.at) * 1_000);
    } else if (link.dataset.before !== undefined) {
      event.preventDefault();
      void this.once(() => this.older(link));
    } else if (row && link.dataset.report !== undefined && this.words['report.title']) {
      event.preventDefault();
      openReport(
        { kind: 'COMMENT', channel: this.dataset.channel ?? '', comment: Number(row.dataset.comment) },
        this.words,
        row.dataset.called ?? '',
      );
    }
  }

  private async older(link: HTMLAnchorElement): Promise<void> {
    try {
      const page = await call<CommentPage>('GET', this.address(`?before=${link.dataset.before}`));
      const rows = this.rows(page.comments);
      this.querySelector('.comment-list')?.append(...rows);
      rows[0]?.querySelector<HTMLElement>('.comment-name')?.focus({ preventScroll: true });
      if (page.next === undefined) {
        link.parentElement?.remove();
      } else {
        link.dataset.before = String(page.next);
        link.href = `/videos/${this.video}?comments=${page.next}#comments`;
      }
    } catch (failure) {
      this.trouble(link, failure);
    }
  }

  private async removed(row: HTMLElement): Promise<void> {
    row.querySelector('dialog')?.close();
    try {
      await call('DELETE', this.address(`/${row.dataset.comment}`));
      row.remove();
      this.counted(-1);
      this.say(this.words.deleted);
      this.querySelector<HTMLElement>('#comments-title')?.focus({ preventScroll: true });
    } catch (failure) {
      this.trouble(row.querySelector('.comment-acts'), failure);
    }
  }

  /** Says what went wrong behind what was clicked. */
  private trouble(at: Element | null, failure: unknown): void {
    const error = element('p', 'error comment-trouble', icon('circle-alert'), element('span', '', reasonOf(failure)));
    error.setAttribute('role', 'alert');
    at?.parentElement?.querySelector('.comment-trouble')?.remove();
    at?.after(error);
  }
}

customElements.define('video-comments', VideoComments);
