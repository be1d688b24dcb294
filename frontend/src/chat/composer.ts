// The box in which a comment is written: Enter that knows input methods, completion, emotes, and the reason when one is refused.
import { reasonOf } from '../core/api';
import { element } from '../core/dom';
import { duration } from '../core/format';
import type { Lifetime } from '../core/lifetime';
import { type Choice, type Completion, complete, graphemes, type Known } from './completion';
import { named, type Words } from './message-view';
import type { Picker } from './picker';

const MAX_GRAPHEMES = 300;
const NEARLY = 250;
const MOST_LINES_PIXELS = 112;

/** Why a message is refused: with a place for the wait, and without where none is known. */
export interface Reason {
  wait: string;
  later: string;
}

/** A reason with its wait in the sentence: 12 s, or 9:30. */
export function inSeconds(reason: Reason, millis: number, words: Words): string {
  const left = Math.ceil(millis / 1_000);
  const wait = left < 60 ? (words.seconds ?? '{0} s').replace('{0}', String(left)) : duration(left * 1_000);
  return left > 0 ? reason.wait.replace('{0}', wait) : reason.later;
}

export interface ComposerHost {
  words: Words;
  known(): Known;
  /** Answers whether the message went out. */
  send(text: string, replyTo: number | undefined): boolean;
  /** Does what is typed with a stroke before it, or says why not; undefined for what is to be said. */
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
  private waitMillis = 1;
  private waitTimer: ReturnType<typeof setInterval> | undefined;
  private reason: Reason = { wait: '', later: '' };
  private picker: Promise<Picker> | undefined;

  constructor(
    readonly form: HTMLFormElement,
    private readonly life: Lifetime,
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
    // Whoever sends with a finger goes on writing: the box keeps the focus, and a phone its keyboard.
    life.listen(this.button, 'mousedown', (event) => event.preventDefault());
    life.listen(form, 'submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    life.listen(this.replyBar.querySelector('button'), 'click', () => this.reply(undefined));
    life.listen(form.querySelector('.chat-emote-button'), 'click', () => void this.pick());
  }

  focus(): void {
    this.box.focus();
  }

  /** Puts something where the caret is. */
  insert(text: string): void {
    this.box.setRangeText(text, this.box.selectionStart, this.box.selectionEnd, 'end');
    this.changed();
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

  /** A message was refused: its text is back in the box, with the reason and when it may be tried again. */
  refused(text: string, reason: Reason, retryMillis: number): void {
    if (this.box.value.trim() === '') {
      this.box.value = text;
    } else if (!this.box.value.includes(text)) {
      this.box.value = `${text} ${this.box.value}`;
    }
    this.wait(reason, retryMillis);
    this.tell();
    this.changed();
  }

  /** Nothing goes out for a while. The button shows how long; why is said when it was refused, or is tried all the same. */
  wait(reason: Reason, millis: number): void {
    this.reason = reason;
    this.waitUntil = millis > 0 ? Date.now() + millis : 0;
    this.waitMillis = Math.max(1, millis);
    clearInterval(this.waitTimer);
    this.countDown();
    if (this.waitUntil > 0) {
      this.waitTimer = setInterval(() => this.countDown(), 250);
    }
  }

  /** Shows why nothing goes out. It is read out once; the seconds that then pass in it are not. */
  private tell(): void {
    this.note.setAttribute('aria-live', 'assertive');
    this.note.hidden = false;
  }

  private countDown(): void {
    const millis = this.waitUntil - Date.now();
    const left = Math.ceil(millis / 1_000);
    const waits = this.waitUntil > 0 && left > 0;
    const reason = inSeconds(this.reason, Math.max(0, millis), this.host.words);
    if (this.note.textContent !== reason) {
      this.note.setAttribute('aria-live', 'off');
      this.note.textContent = reason;
    }
    this.button.disabled = waits;
    this.button.toggleAttribute('data-waits', waits);
    this.button.style.setProperty('--left', String(Math.max(0, millis / this.waitMillis)));
    const shown = this.button.querySelector('.chat-send-left');
    if (shown) {
      shown.textContent = waits ? (left < 100 ? String(left) : `${Math.ceil(left / 60)}′`) : '';
    }
    if (this.waitUntil > 0 && !waits) {
      clearInterval(this.waitTimer);
      this.waitUntil = 0;
      this.note.hidden = true;
    }
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
      // A command that is typed whole is done.
      const whole = choice?.text.trim() === this.box.value.trim();
      if ((event.key === 'Enter' || event.key === 'Tab') && choice && !(whole && event.key === 'Enter')) {
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
    if (text === '' || graphemes(text) > MAX_GRAPHEMES) {
      this.say(text === '' ? undefined : this.host.words['refused.long']);
      return;
    }
    if (this.waitUntil > Date.now()) {
      this.tell();
      return;
    }
    this.note.hidden = true;
    const doing = this.host.command(text);
    if (doing) {
      void this.waitFor(doing);
      return;
    }
    if (this.host.send(text, this.replyTo)) {
      this.box.value = '';
      this.reply(undefined);
      this.changed();
    } else {
      this.say(this.host.words.offline);
    }
  }

  private say(text: string | undefined): void {
    this.note.setAttribute('aria-live', 'assertive');
    this.note.hidden = !text;
    this.note.textContent = text ?? '';
  }

  /** A command leaves the box when it is done; one that is refused stays, with the reason. */
  private async waitFor(doing: Promise<void>): Promise<void> {
    try {
      await doing;
      this.box.value = '';
    } catch (failure) {
      this.say(reasonOf(failure));
    }
    this.changed();
  }

  private changed(): void {
    const length = graphemes(this.box.value);
    this.counter.hidden = length < NEARLY;
    this.counter.textContent = String(MAX_GRAPHEMES - length);
    this.counter.classList.toggle('chat-counter-over', length > MAX_GRAPHEMES);
    this.box.style.height = 'auto';
    this.box.style.height = `${Math.min(this.box.scrollHeight, MOST_LINES_PIXELS)}px`;
    this.completion = this.composing
      ? undefined
      : complete(this.box.value, this.box.selectionStart, this.host.known(), this.host.words);
    this.chosen = 0;
    this.showChoices();
  }

  private showChoices(): void {
    this.list.hidden = this.completion === undefined;
    this.list.replaceChildren(
      ...(this.completion?.choices ?? []).map((choice, index) => {
        const option = element('div', 'chat-choice', element('span', '', choice.label));
        option.id = `chat-choice-${index}`;
        option.setAttribute('role', 'option');
        option.setAttribute('aria-selected', String(index === this.chosen));
        if (choice.src) {
          option.prepend(emoteImage(choice.src));
        }
        if (choice.help) {
          option.append(element('span', 'quiet small', choice.help));
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
      this.list.children[this.chosen]?.scrollIntoView?.({ block: 'nearest' });
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

  /** Opens the emotes, or closes them. */
  private async pick(): Promise<void> {
    const button = this.form.querySelector('.chat-emote-button') as HTMLElement;
    const place = this.form.parentElement?.querySelector<HTMLElement>('.chat-picker');
    if (!place) {
      return;
    }
    this.picker ??= import('./picker').then(
      ({ Picker }) =>
        new Picker(place, button, this.life, {
          words: this.host.words,
          emotes: () => this.host.known().emotes,
          insert: (text) => this.insert(text),
          done: () => this.focus(),
        }),
    );
    (await this.picker).toggle();
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
