// The box in which a comment is written: Enter that knows input methods, completion, emotes, and the reason when one is refused.
import { reasonOf } from '../core/api';
import { element } from '../core/dom';
import { duration } from '../core/format';
import type { Lifetime } from '../core/lifetime';
import type { Emote } from '../wire/chat';
import { type Choice, type Completion, complete, graphemes } from './completion';
import { named, type Words } from './message-view';

const MAX_GRAPHEMES = 300;
const NEARLY = 250;

export interface ComposerHost {
  words: Words;
  names(): { name: string; display: string }[];
  emotes(): Emote[];
  /** Answers whether the message went out. */
  send(text: string, replyTo: number | undefined): boolean;
  /** Does what is typed with a stroke before it; undefined for whoever cannot. */
  command(text: string): Promise<void> | undefined;
}

export class Composer {
  private readonly box: HTMLTextAreaElement;
  private readonly button: HTMLButtonElement;
  private readonly note: HTMLElement;
  private readonly counter: HTMLElement;
  private readonly list: HTMLElement;
  private readonly replyBar: HTMLElement;
  private composing = false;
  private completion: Completion | undefined;
  private chosen = 0;
  private replyTo: number | undefined;
  private waitUntil = 0;
  private waitTimer: ReturnType<typeof setInterval> | undefined;
  private reason = { wait: '', later: '' };

  constructor(
    readonly form: HTMLFormElement,
    life: Lifetime,
    private readonly host: ComposerHost,
  ) {
    this.box = form.querySelector('textarea') as HTMLTextAreaElement;
    this.button = form.querySelector('.chat-send') as HTMLButtonElement;
    this.note = form.querySelector('.chat-note') as HTMLElement;
    this.counter = form.querySelector('.chat-counter') as HTMLElement;
    this.list = form.querySelector('.chat-choices') as HTMLElement;
    this.replyBar = form.querySelector('.chat-reply-bar') as HTMLElement;
    this.box.disabled = false;
    this.button.disabled = false;
    life.atEnd(() => clearInterval(this.waitTimer));
    life.listen(this.box, 'compositionstart', () => {
      this.composing = true;
    });
    life.listen(this.box, 'compositionend', () => {
      this.composing = false;
      this.changed();
    });
    life.listen<KeyboardEvent>(this.box, 'keydown', (event) => this.key(event));
    life.listen(this.box, 'input', () => this.changed());
    life.listen(this.box, 'blur', () => setTimeout(() => this.close(), 150));
    life.listen(form, 'submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    life.listen(this.replyBar.querySelector('button'), 'click', () => this.reply(undefined));
    const picker = form.querySelector<HTMLElement>('.chat-picker');
    if (picker) {
      life.listen(picker, 'toggle', () => this.fillPicker(picker));
    }
  }

  focus(): void {
    this.box.focus();
  }

  /** Answers a message, or none. */
  reply(to: { seq: number; name: string; text: string } | undefined): void {
    this.replyTo = to?.seq;
    this.replyBar.hidden = to === undefined;
    if (to) {
      const text = this.replyBar.querySelector('span');
      if (text) {
        text.textContent = named(this.host.words, to.name, to.text);
      }
      this.box.focus();
    }
  }

  /**
   * A message was refused: its text is back in the box, with the reason and when it may be tried again.
   *
   * @param reason with a place for the wait, and without where none is known
   */
  refused(text: string, reason: { wait: string; later: string }, retryMillis: number): void {
    if (this.box.value.trim() === '') {
      this.box.value = text;
    } else if (!this.box.value.includes(text)) {
      this.box.value = `${text} ${this.box.value}`;
    }
    this.reason = reason;
    this.waitUntil = retryMillis > 0 ? Date.now() + retryMillis : 0;
    clearInterval(this.waitTimer);
    this.countDown();
    if (this.waitUntil > 0) {
      this.waitTimer = setInterval(() => this.countDown(), 250);
    }
    this.changed();
  }

  private countDown(): void {
    const left = Math.ceil((this.waitUntil - Date.now()) / 1_000);
    const waits = this.waitUntil > 0 && left > 0;
    this.note.hidden = false;
    this.note.textContent = waits ? this.reason.wait.replace('{0}', this.wait(left)) : this.reason.later;
    this.button.disabled = waits;
    if (this.waitUntil > 0 && !waits) {
      clearInterval(this.waitTimer);
      this.waitUntil = 0;
      this.note.hidden = true;
    }
  }

  /** 12 s, or 9:30. */
  private wait(seconds: number): string {
    return seconds < 60
      ? (this.host.words.seconds ?? '{0}').replace('{0}', String(seconds))
      : duration(seconds * 1_000);
  }

  private key(event: KeyboardEvent): void {
    // An input method's Enter chooses a word. Safari sends it after the end of the composition, with this key code.
    if (event.isComposing || this.composing || event.keyCode === 229) {
      return;
    }
    if (this.completion) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        const many = this.completion.choices.length;
        this.chosen = (this.chosen + (event.key === 'ArrowDown' ? 1 : many - 1)) % many;
        this.showChoices();
        return;
      }
      const choice = this.completion.choices[this.chosen];
      if ((event.key === 'Enter' || event.key === 'Tab') && choice) {
        event.preventDefault();
        this.choose(choice);
        return;
      }
      if (event.key === 'Escape') {
        event.preventDefault();
        this.close();
        return;
      }
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      if (!event.shiftKey) {
        this.submit();
      }
    } else if (event.key === 'Escape' && this.replyTo !== undefined) {
      this.reply(undefined);
    }
  }

  private submit(): void {
    const text = this.box.value.trim();
    if (text === '' || this.waitUntil > Date.now() || graphemes(text) > MAX_GRAPHEMES) {
      return;
    }
    this.note.hidden = true;
    if (text.startsWith('/')) {
      const doing = this.host.command(text);
      if (doing) {
        void this.waitFor(doing);
        return;
      }
    }
    if (this.host.send(text, this.replyTo)) {
      this.box.value = '';
      this.reply(undefined);
      this.changed();
    } else {
      this.note.hidden = false;
      this.note.textContent = this.host.words.offline ?? '';
    }
  }

  /** A command leaves the box when it is done; one that is refused stays, with the reason. */
  private async waitFor(doing: Promise<void>): Promise<void> {
    try {
      await doing;
      this.box.value = '';
    } catch (failure) {
      this.note.hidden = false;
      this.note.textContent = reasonOf(failure);
    }
    this.changed();
  }

  private changed(): void {
    const length = graphemes(this.box.value);
    this.counter.hidden = length < NEARLY;
    this.counter.textContent = String(MAX_GRAPHEMES - length);
    this.counter.classList.toggle('chat-counter-over', length > MAX_GRAPHEMES);
    this.box.style.height = 'auto';
    this.box.style.height = `${Math.min(this.box.scrollHeight + 2, 120)}px`;
    this.completion = this.composing
      ? undefined
      : complete(this.box.value, this.box.selectionStart, this.host.names(), this.host.emotes());
    this.chosen = 0;
    this.showChoices();
  }

  private showChoices(): void {
    this.list.hidden = this.completion === undefined;
    this.list.replaceChildren(
      ...(this.completion?.choices ?? []).map((choice, index) => {
        const option = element('div', 'chat-choice', choice.label);
        option.id = `chat-choice-${index}`;
        option.setAttribute('role', 'option');
        option.setAttribute('aria-selected', String(index === this.chosen));
        if (choice.src) {
          option.prepend(emoteImage(choice.src));
        }
        option.addEventListener('pointerdown', (event) => {
          event.preventDefault();
          this.choose(choice);
        });
        return option;
      }),
    );
    if (this.completion) {
      this.box.setAttribute('aria-activedescendant', `chat-choice-${this.chosen}`);
    } else {
      this.box.removeAttribute('aria-activedescendant');
    }
  }

  private choose(choice: Choice): void {
    const from = this.completion?.from ?? this.box.selectionStart;
    this.box.setRangeText(choice.text, from, this.box.selectionStart, 'end');
    this.close();
    this.changed();
  }

  private close(): void {
    this.completion = undefined;
    this.showChoices();
  }

  private fillPicker(picker: HTMLElement): void {
    picker.replaceChildren(
      ...this.host.emotes().map((emote) => {
        const button = element('button', 'chat-pick', emoteImage(emote.src));
        button.type = 'button';
        button.title = `:${emote.code}:`;
        button.setAttribute('aria-label', `:${emote.code}:`);
        button.addEventListener('click', () => {
          this.box.setRangeText(`:${emote.code}: `, this.box.selectionStart, this.box.selectionEnd, 'end');
          picker.hidePopover?.();
          this.box.focus();
          this.changed();
        });
        return button;
      }),
    );
  }
}

function emoteImage(src: string): HTMLImageElement {
  const picture = element('img', 'chat-emote');
  picture.src = src;
  picture.alt = '';
  picture.width = 28;
  picture.height = 28;
  return picture;
}
