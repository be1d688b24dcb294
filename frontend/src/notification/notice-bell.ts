// <notice-bell data-account>: notices, unread ones counted, the same on all tabs; and how many followed channels are live.

import { element, icon, lang, setText, texts } from '../core/dom';
import { ago } from '../core/format';
import { hueOf } from '../core/hues';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { counted } from '../core/plural';
import type { MeEvent, Notice } from '../wire/me';
import { pageSocket } from '../wire/page-socket';
import { leaveIfSignedOut } from './signed-out';

class NoticeBell extends Island {
  private now: MeEvent | undefined;
  private typed = false;

  protected enter(life: Lifetime): void {
    life.atEnd(
      pageSocket().follow(this.topic(), (event) => {
        if (event.type === 'me') {
          this.show(event);
        } else {
          void leaveIfSignedOut(() => this.typed);
        }
      }),
    );
    life.listen(document, 'input', () => {
      this.typed = true;
    });
    const panel = this.querySelector<HTMLElement>('.notice-panel');
    life.listen(panel, 'toggle', (event) => {
      if ((event as ToggleEvent).newState === 'open') {
        this.list();
      } else if ((this.now?.unread ?? 0) > 0) {
        pageSocket().say(this.topic(), { type: 'read' });
      }
    });
  }

  private topic(): `me:${string}` {
    return `me:${this.dataset.account}`;
  }

  private show(now: MeEvent): void {
    this.now = now;
    for (const badge of document.querySelectorAll<HTMLElement>('.bell .badge, .notice-badge')) {
      badge.hidden = now.unread === 0;
      badge.textContent = now.unread > 99 ? '99+' : String(now.unread);
    }
    const words = texts(this);
    const button = this.querySelector('button');
    // The name stays what it is; how many are new is told beside it.
    setText(this, '.notice-count', now.unread > 0 ? (words.unread ?? '').replace('{0}', String(now.unread)) : '');
    button?.toggleAttribute('data-unread', now.unread > 0);
    for (const live of document.querySelectorAll<HTMLElement>('.following-live')) {
      live.hidden = now.followedLive === 0;
      setText(live, '.numbers', String(now.followedLive));
    }
    if (this.querySelector('.notice-panel')?.matches(':popover-open')) {
      this.list();
    }
  }

  private list(): void {
    const words = texts(this);
    const notices = this.now?.notices ?? [];
    this.querySelector('.notice-none')?.toggleAttribute('hidden', notices.length > 0);
    this.querySelector('ul')?.replaceChildren(...notices.map((notice) => this.item(notice, words)));
  }

  private item(notice: Notice, words: Record<string, string>): HTMLLIElement {
    const face = notice.avatar
      ? element('img', 'avatar')
      : element(
          'span',
          `avatar own ${hueOf(notice.displayName)}`,
          notice.displayName ? notice.displayName.charAt(0) : icon('shield'),
        );
    if (face instanceof HTMLImageElement && notice.avatar) {
      face.src = notice.avatar;
      face.alt = '';
    }
    const link = element(
      'a',
      notice.read ? 'notice' : 'notice notice-unread',
      face,
      element(
        'span',
        'notice-text',
        element(
          'strong',
          '',
          notice.kind === 'LIVE'
            ? (words.live ?? '{0}').replace('{0}', notice.displayName)
            : notice.number !== undefined
              ? counted(words, notice.kind, notice.number)
              : (words[notice.kind] ?? notice.kind),
        ),
        element('span', 'quiet small', notice.title),
        element('time', 'quiet small', ago(new Date(notice.at), new Date(), lang())),
      ),
    );
    link.href = notice.link;
    return element('li', '', link);
  }
}

customElements.define('notice-bell', NoticeBell);
