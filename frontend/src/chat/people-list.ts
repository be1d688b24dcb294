// Who is in the room, by what they are to it: asked when it is opened, and again while it is open.
import { call } from '../core/api';
import { element, icon, lang } from '../core/dom';
import type { Lifetime } from '../core/lifetime';
import { counted } from '../core/plural';
import type { Author, Group, Present } from '../wire/chat';
import type { Words } from './message-view';
import { face } from './person-card';

const AGAIN_MILLIS = 30_000;
const ROLES = ['owner', 'moderators', 'staff', 'people', 'invited'] as const;

export interface PeopleHost {
  channel: string;
  words: Words;
  card(at: HTMLElement, name: string): void;
}

export class PeopleList {
  private readonly panel = element('div', 'people-list');
  private readonly list = element('div', 'people-groups');
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    frame: HTMLElement,
    private readonly button: HTMLElement,
    life: Lifetime,
    private readonly host: PeopleHost,
  ) {
    const title = host.words.people ?? '';
    const end = element('button', 'chat-tool', icon('x'));
    end.type = 'button';
    end.title = host.words.close ?? '';
    end.setAttribute('aria-label', host.words.close ?? '');
    this.panel.hidden = true;
    this.panel.append(element('div', 'people-head', element('h3', '', title), end), this.list);
    this.list.tabIndex = 0;
    this.list.setAttribute('role', 'region');
    this.list.setAttribute('aria-label', title);
    frame.append(this.panel);
    life.listen(end, 'click', () => this.close());
    life.listen<KeyboardEvent>(this.panel, 'keydown', (event) => {
      if (event.key === 'Escape') {
        this.close();
      }
    });
    life.atEnd(() => {
      clearInterval(this.timer);
      this.panel.remove();
    });
  }

  toggle(): void {
    if (!this.panel.hidden) {
      this.close();
      return;
    }
    this.panel.hidden = false;
    this.button.setAttribute('aria-expanded', 'true');
    void this.ask();
    this.timer = setInterval(() => void this.ask(), AGAIN_MILLIS);
    this.list.focus();
  }

  private close(): void {
    this.panel.hidden = true;
    clearInterval(this.timer);
    this.button.setAttribute('aria-expanded', 'false');
    this.button.focus();
  }

  private async ask(): Promise<void> {
    try {
      this.show(await call<Present>('GET', `/api/v1/channels/${this.host.channel}/people`));
    } catch (failure) {
      this.list.replaceChildren(element('p', 'quiet small', failure instanceof Error ? failure.message : ''));
    }
  }

  private show(present: Present): void {
    const groups = ROLES.filter((role) => present[role].named.length > 0).map((role) =>
      this.group(role, present[role]),
    );
    const focused = (document.activeElement as HTMLElement | null)?.dataset.person;
    this.list.replaceChildren(
      ...(groups.length > 0 ? groups : [element('p', 'quiet small', this.host.words['people.none'] ?? '')]),
      ...(present.guests > 0
        ? [element('p', 'quiet small', counted(this.host.words, 'people.guests', present.guests))]
        : []),
    );
    if (focused) {
      this.list.querySelector<HTMLElement>(`[data-person="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  private group(role: string, group: Group): HTMLElement {
    const many = new Intl.NumberFormat(lang()).format(group.named.length + group.more);
    return element(
      'div',
      'people-group',
      element(
        'h4',
        'small quiet',
        this.host.words[`people.${role}`] ?? role,
        ' ',
        element('span', 'numbers', role === 'owner' ? '' : many),
      ),
      element('ul', '', ...group.named.map((author) => element('li', '', this.person(author)))),
      ...(group.more > 0 ? [element('p', 'quiet small', counted(this.host.words, 'people.more', group.more))] : []),
    );
  }

  private person(author: Author): HTMLElement {
    const button = element('button', 'people-person', face(author, true), element('span', '', author.display));
    button.type = 'button';
    button.dataset.person = author.name;
    button.setAttribute('aria-haspopup', 'dialog');
    button.addEventListener('click', () => this.host.card(button, author.name));
    return button;
  }
}
