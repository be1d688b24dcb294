// Emotes and emoji to choose from: recent ones, those of the channel and the site, Unicode's by group; by name; with the arrows.
import { element, icon, lang } from '../core/dom';
import type { Lifetime } from '../core/lifetime';
import type { Emote } from '../wire/chat';
import {
  type Emoji,
  emojiPick,
  emotePick,
  type Pick,
  recent,
  rememberTone,
  search,
  tone,
  toned,
  used,
} from './emoji-search';
import type { Words } from './message-view';

export interface PickerHost {
  words: Words;
  emotes(): Emote[];
  insert(text: string): void;
  /** Whoever types goes on typing. */
  done(): void;
}

const SITE = '/emotes/';
/** A hand that shows the skin tone. */
const HAND: Emoji = ['✋', '', '', 1];
const GROUP_FACES = ['😀', '👋', '🐻', '🍜', '🚂', '🎮', '💡', '❤️', '🏳️'];

interface Tab {
  name: string;
  face: Node | string;
  picks(): Pick[];
}

export class Picker {
  private groups: Emoji[][] = [];
  private readonly tabs = element('div', 'picker-tabs');
  private readonly box = element('input', 'input picker-search');
  private readonly grid = element('div', 'picker-grid');
  private readonly name = element('p', 'picker-name small');
  private readonly tones = element('div', 'picker-tones');
  private chosen = 0;

  constructor(
    private readonly place: HTMLElement,
    private readonly button: HTMLElement,
    life: Lifetime,
    private readonly host: PickerHost,
  ) {
    this.box.type = 'search';
    this.box.placeholder = this.word('search');
    this.box.setAttribute('aria-label', this.word('search'));
    this.tabs.setAttribute('role', 'group');
    this.tabs.setAttribute('aria-label', host.words.emotes ?? '');
    this.grid.setAttribute('role', 'group');
    this.name.setAttribute('aria-hidden', 'true');
    place.replaceChildren(
      element('div', 'picker-head', this.box, this.tones),
      this.tabs,
      this.grid,
      element('div', 'picker-foot', this.name),
    );
    life.listen(this.box, 'input', () => this.show());
    life.listen<KeyboardEvent>(place, 'keydown', (event) => this.key(event));
    life.listen(this.grid, 'focusin', (event) => this.tell(event.target as HTMLElement));
    life.listen(this.grid, 'pointerover', (event) => this.tell(event.target as HTMLElement));
    this.showTones();
  }

  private word(key: string): string {
    return this.host.words[`picker.${key}`] ?? key;
  }

  toggle(): void {
    if (this.place.hidden) {
      this.open();
    } else {
      this.close(true);
    }
  }

  private open(): void {
    this.place.hidden = false;
    this.button.setAttribute('aria-expanded', 'true');
    this.box.value = '';
    this.chosen = recent(this.host.emotes(), this.groups, 0).length > 0 ? 0 : 1;
    this.show();
    void this.load();
    // On a finger's screen the keyboard would take the room that was made.
    if (!matchMedia('(pointer: coarse)').matches) {
      this.box.focus();
    }
  }

  private close(focus: boolean): void {
    this.place.hidden = true;
    this.button.setAttribute('aria-expanded', 'false');
    if (focus) {
      this.host.done();
    }
  }

  private async load(): Promise<void> {
    if (this.groups.length === 0) {
      const lists = lang().startsWith('zh') ? await import('./emoji/zh.json') : await import('./emoji/en.json');
      this.groups = lists.default as unknown as Emoji[][];
      if (recent(this.host.emotes(), this.groups, 0).length > 0) {
        this.chosen = 0;
      }
      this.show();
    }
  }

  // ---- what there is -----------------------------------------------------------------------------------------------

  private all(): Tab[] {
    const emotes = this.host.emotes();
    const own = emotes.filter((emote) => !emote.src.startsWith(SITE));
    const site = emotes.filter((emote) => emote.src.startsWith(SITE));
    const of = (name: string, some: Emote[]): Tab[] =>
      some[0] ? [{ name: this.word(name), face: image(some[0].src, 20), picks: () => some.map(emotePick) }] : [];
    return [
      {
        name: this.word('recent'),
        face: icon('clock'),
        picks: () => recent(emotes, this.groups, tone()),
      },
      ...of('channel', own),
      ...of('site', site),
      ...this.groups.map((group, index) => ({
        name: this.word(`group.${index}`),
        face: GROUP_FACES[index] ?? '',
        picks: () => group.map((emoji) => emojiPick(emoji, tone())),
      })),
    ];
  }

  private show(): void {
    const tabs = this.all();
    const typed = this.box.value.trim();
    this.tabs.replaceChildren(
      ...tabs.map((tab, index) => {
        const made = element('button', 'picker-tab', tab.face);
        made.type = 'button';
        made.title = tab.name;
        made.setAttribute('aria-label', tab.name);
        made.setAttribute('aria-pressed', String(typed === '' && index === this.chosen));
        made.addEventListener('click', () => {
          this.chosen = index;
          this.box.value = '';
          this.show();
          this.tabs.querySelectorAll<HTMLElement>('button')[index]?.focus();
        });
        return made;
      }),
    );
    const tab = tabs[this.chosen] ?? tabs[0];
    const picks = typed ? search(typed, this.host.emotes(), this.groups, tone()) : (tab?.picks() ?? []);
    this.grid.setAttribute('aria-label', typed ? this.word('search') : (tab?.name ?? ''));
    this.grid.scrollTop = 0;
    this.name.textContent = typed ? '' : (tab?.name ?? '');
    this.grid.replaceChildren(
      ...picks.map((pick, index) => this.pick(pick, index === 0)),
      ...(picks.length === 0
        ? [element('p', 'picker-none quiet small', this.word(typed ? 'none' : 'recent.none'))]
        : []),
    );
  }

  private pick(pick: Pick, first: boolean): HTMLElement {
    const made = element('button', 'picker-pick', pick.src ? image(pick.src, 28) : pick.text);
    made.type = 'button';
    made.title = pick.name;
    made.setAttribute('aria-label', pick.name);
    made.tabIndex = first ? 0 : -1;
    made.addEventListener('click', (event) => {
      used(pick);
      this.host.insert(pick.text);
      // Several, one after the other: with a finger, or with Shift.
      if (!event.shiftKey && !matchMedia('(pointer: coarse)').matches) {
        this.close(true);
      }
    });
    return made;
  }

  private showTones(): void {
    const chosen = tone();
    const made = element('button', 'picker-tab', toned(HAND, chosen));
    made.type = 'button';
    made.title = this.word('tone');
    made.setAttribute('aria-label', this.word('tone'));
    made.setAttribute('aria-expanded', 'false');
    made.addEventListener('click', () => this.offerTones(chosen));
    this.tones.replaceChildren(made);
  }

  private offerTones(chosen: number): void {
    this.tones.replaceChildren(
      ...[0, 1, 2, 3, 4, 5].map((index) => {
        const made = element('button', 'picker-tab', toned(HAND, index));
        made.type = 'button';
        made.title = this.word(`tone.${index}`);
        made.setAttribute('aria-label', `${this.word('tone')}: ${this.word(`tone.${index}`)}`);
        made.setAttribute('aria-pressed', String(index === chosen));
        made.addEventListener('click', () => {
          rememberTone(index);
          this.showTones();
          this.show();
          this.tones.querySelector('button')?.focus();
        });
        return made;
      }),
    );
    this.tones.querySelectorAll<HTMLElement>('button')[chosen]?.focus();
  }

  // ---- walking -----------------------------------------------------------------------------------------------------

  private tell(target: HTMLElement): void {
    const pick = target.closest<HTMLElement>('.picker-pick');
    if (pick) {
      this.name.textContent = pick.title;
    }
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.close(true);
      return;
    }
    const picks = [...this.grid.querySelectorAll<HTMLElement>('.picker-pick')];
    const at = picks.indexOf(event.target as HTMLElement);
    if (event.target === this.box) {
      if (event.key === 'ArrowDown' || event.key === 'Enter') {
        event.preventDefault();
        if (event.key === 'Enter') {
          picks[0]?.click();
        } else {
          this.go(picks, 0);
        }
      }
      return;
    }
    if (at < 0) {
      return;
    }
    const top = picks[0]?.offsetTop;
    const columns = Math.max(
      1,
      picks.findIndex((pick) => pick.offsetTop !== top),
    );
    const to = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at + (columns < 2 ? picks.length : columns),
      ArrowUp: at - columns,
      Home: 0,
      End: picks.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      if (to < 0) {
        this.box.focus();
      } else {
        this.go(picks, to);
      }
    }
  }

  private go(picks: HTMLElement[], to: number): void {
    const pick = picks[Math.min(to, picks.length - 1)];
    for (const other of this.grid.querySelectorAll<HTMLElement>('[tabindex="0"]')) {
      other.tabIndex = -1;
    }
    if (pick) {
      pick.tabIndex = 0;
      pick.focus();
    }
  }
}

function image(src: string, size: number): HTMLImageElement {
  const picture = element('img', 'picker-image');
  picture.src = src;
  picture.alt = '';
  picture.width = size;
  picture.height = size;
  picture.loading = 'lazy';
  return picture;
}
