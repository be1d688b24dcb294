// The player's one menu: opens upwards on the picture. Its choices are fields of the page; what they change is told to whoever watches.
import { element } from '../core/dom';
import type { Lifetime } from '../core/lifetime';
import type { LatencyMode } from './source';

export interface StageChoices {
  latency(mode: LatencyMode): void;
  audioOnly(alone: boolean): void;
  height(height: number | undefined): void;
  speed(rate: number): void;
  stats(): void;
}

/** What is chosen now. */
export interface Chosen {
  latency: LatencyMode;
  audioOnly: boolean;
  height: number | undefined;
  speed: number;
  /** Of the pictures to choose from; empty when there is no choice. */
  heights: number[];
  /** Why it cannot be instant, in words; empty where it can. */
  notInstant: string;
  /** There is a picture that can be left out. */
  picture: boolean;
}

export class StageMenu {
  constructor(
    private readonly menu: HTMLElement,
    private readonly button: HTMLElement,
    private readonly auto: string,
    private readonly now: () => Chosen,
    private readonly choices: StageChoices,
  ) {}

  enter(life: Lifetime): void {
    const { menu, button } = this;
    life.listen(button, 'click', () => (menu.hidden ? this.open() : this.close(true)));
    life.listen<KeyboardEvent>(document, 'keydown', (event) => {
      if (event.key === 'Escape' && !menu.hidden) {
        event.stopPropagation();
        this.close(true);
      }
    });
    life.listen(document, 'pointerdown', (event) => {
      const target = event.target as Node;
      if (!menu.hidden && !menu.contains(target) && !button.contains(target)) {
        this.close(false);
      }
    });
    life.listen<FocusEvent>(menu, 'focusout', ({ relatedTarget: next }) => {
      if (next instanceof Node && !menu.contains(next) && !button.contains(next)) {
        this.close(false);
      }
    });
    life.listen(menu, 'change', (event) => this.change(event.target as HTMLInputElement));
    life.listen(menu.querySelector('[data-do="stats"]'), 'click', () => {
      this.close(true);
      this.choices.stats();
    });
    life.listen(menu.querySelector('[data-do="help"]'), 'click', () => this.close(false));
    life.atEnd(() => this.close(false));
  }

  private open(): void {
    const { latency, audioOnly, picture, speed, notInstant } = this.now();
    for (const radio of this.menu.querySelectorAll<HTMLInputElement>('[name="latency"], [name="speed"]')) {
      radio.checked = radio.value === (radio.name === 'speed' ? String(speed) : latency);
    }
    this.instant(notInstant);
    const sound = this.menu.querySelector<HTMLInputElement>('[data-watch="audio-only"]');
    if (sound) {
      sound.checked = audioOnly;
      sound.closest('label')?.toggleAttribute('hidden', !picture);
    }
    this.qualities();
    this.menu.hidden = false;
    this.button.setAttribute('aria-expanded', 'true');
    this.menu.querySelector<HTMLElement>('fieldset:not([hidden]) input:checked')?.focus({ preventScroll: true });
  }

  /** What stands beside the choice: how far behind it is, or why it is not. */
  private instant(not: string): void {
    const hint = this.menu.querySelector('[name="latency"][value="instant"]')?.closest('label')?.querySelector('small');
    if (hint) {
      hint.dataset.usual ??= hint.textContent;
      hint.textContent = not || hint.dataset.usual;
    }
  }

  private qualities(): void {
    const { heights, height } = this.now();
    const group = this.menu.querySelector<HTMLElement>('[data-group="quality"]');
    group?.toggleAttribute('hidden', heights.length === 0);
    group?.querySelector('.stage-choices')?.replaceChildren(
      ...[undefined, ...heights].map((one) => {
        const radio = element('input', '');
        radio.type = 'radio';
        radio.name = 'quality';
        radio.value = one === undefined ? '' : String(one);
        radio.checked = one === height;
        return element('label', 'stage-choice', radio, element('span', '', one === undefined ? this.auto : `${one}p`));
      }),
    );
  }

  private change(field: HTMLInputElement): void {
    if (field.name === 'latency') {
      this.choices.latency(field.value as LatencyMode);
    } else if (field.name === 'speed') {
      this.choices.speed(Number(field.value));
    } else if (field.name === 'quality') {
      this.choices.height(field.value === '' ? undefined : Number(field.value));
    } else if (field.dataset.watch === 'audio-only') {
      this.choices.audioOnly(field.checked);
    }
  }

  private close(focus: boolean): void {
    if (!this.menu.hidden) {
      this.menu.hidden = true;
      this.button.setAttribute('aria-expanded', 'false');
      if (focus) {
        this.button.focus({ preventScroll: true });
      }
    }
  }
}
