// <danmaku-layer>: comments that fly over the picture. A canvas over the video; switch, opacity, size, speed and area are remembered.

import { lang } from '../core/dom';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { remember, remembered } from '../core/storage';
import type { ChatMessage } from '../wire/chat';

interface Settings {
  on: boolean;
  opacity: number;
  size: number;
  speed: number;
  area: number;
}

interface Bullet {
  text: string;
  x: number;
  lane: number;
  width: number;
  mine: boolean;
}

const MAX_FLYING = 80;
const MAX_CHARS = 80;
const CROSSING_SECONDS = 9;
const GAP = 40;

class DanmakuLayer extends Island {
  private canvas!: HTMLCanvasElement;
  private settings!: Settings;
  private flying: Bullet[] = [];
  private frame = 0;
  private lastFrame = 0;
  private readonly still = matchMedia('(prefers-reduced-motion: reduce)');

  protected enter(life: Lifetime): void {
    // A habit of one audience and a nuisance to the other.
    this.settings = {
      ...{ on: lang().startsWith('zh') && !this.still.matches, opacity: 0.85, size: 1, speed: 1, area: 0.5 },
      ...remembered<Partial<Settings>>('danmaku', {}),
    };
    this.canvas = document.createElement('canvas');
    this.canvas.setAttribute('aria-hidden', 'true');
    this.replaceChildren(this.canvas);
    life.listen<CustomEvent<ChatMessage>>(document, 'chat-message', (event) => this.add(event.detail));
    const player = this.closest('live-player, video-player');
    const toggle = player?.querySelector<HTMLElement>('[data-do="danmaku"]');
    life.listen(toggle, 'click', () => this.change({ on: !this.settings.on }));
    for (const input of player?.querySelectorAll<HTMLInputElement>('[data-danmaku]') ?? []) {
      const name = input.dataset.danmaku as keyof Settings;
      input.value = String(this.settings[name]);
      life.listen(input, 'input', () => this.change({ [name]: Number(input.value) }));
    }
    life.atEnd(() => {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      this.flying = [];
    });
    this.show();
  }

  private change(settings: Partial<Settings>): void {
    this.settings = { ...this.settings, ...settings };
    remember('danmaku', this.settings);
    this.show();
  }

  private show(): void {
    this.hidden = !this.settings.on;
    this.style.opacity = String(this.settings.opacity);
    this.closest('live-player, video-player')
      ?.querySelector('[data-do="danmaku"]')
      ?.setAttribute('aria-pressed', String(this.settings.on));
    if (!this.settings.on) {
      this.flying = [];
    }
  }

  private add(message: ChatMessage): void {
    if (!this.settings.on || this.still.matches || document.hidden || this.flying.length >= MAX_FLYING) {
      return;
    }
    const text = message.tokens
      .filter((token) => token.t !== 'emote')
      .map((token) => (token.t === 'mention' ? `@${token.v}` : token.v))
      .join('')
      .slice(0, MAX_CHARS)
      .trim();
    if (text === '') {
      return;
    }
    const context = this.context();
    const lane = this.freeLane();
    if (!context || lane === undefined) {
      return; // full: it stands in the chat
    }
    this.flying.push({
      text,
      x: this.canvas.width,
      lane,
      width: context.measureText(text).width,
      mine: message.author.name === this.dataset.name,
    });
    if (this.frame === 0) {
      this.lastFrame = performance.now();
      this.frame = requestAnimationFrame((now) => this.fly(now));
    }
  }

  private lineHeight(): number {
    return Math.round((this.canvas.height / 18) * this.settings.size * 1.35);
  }

  private context(): CanvasRenderingContext2D | null {
    const ratio = Math.min(2, devicePixelRatio);
    const width = Math.round(this.clientWidth * ratio);
    const height = Math.round(this.clientHeight * ratio);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    const context = this.canvas.getContext('2d');
    if (context) {
      context.font = `600 ${Math.round((height / 18) * this.settings.size)}px ${getComputedStyle(this).fontFamily}`;
      context.textBaseline = 'top';
    }
    return context;
  }

  /** The first lane whose last text has left its place; texts never overlap. */
  private freeLane(): number | undefined {
    const lanes = Math.max(1, Math.floor((this.canvas.height * this.settings.area) / Math.max(1, this.lineHeight())));
    for (let lane = 0; lane < lanes; lane++) {
      const last = this.flying.filter((bullet) => bullet.lane === lane).at(-1);
      if (!last || last.x + last.width + GAP < this.canvas.width) {
        return lane;
      }
    }
    return undefined;
  }

  private fly(now: number): void {
    const context = this.context();
    if (!context) {
      return;
    }
    const seconds = Math.min(0.1, (now - this.lastFrame) / 1_000);
    this.lastFrame = now;
    const step = (this.canvas.width / CROSSING_SECONDS) * this.settings.speed * seconds;
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.lineWidth = Math.max(2, this.canvas.height / 220);
    context.strokeStyle = 'rgb(0 0 0 / 75%)';
    context.lineJoin = 'round';
    for (const bullet of this.flying) {
      bullet.x -= step;
      const y = bullet.lane * this.lineHeight() + 8;
      context.fillStyle = bullet.mine ? '#a7eee2' : '#fff';
      context.strokeText(bullet.text, bullet.x, y);
      context.fillText(bullet.text, bullet.x, y);
    }
    this.flying = this.flying.filter((bullet) => bullet.x + bullet.width > 0);
    this.frame = this.flying.length > 0 ? requestAnimationFrame((next) => this.fly(next)) : 0;
    if (this.frame === 0) {
      context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    }
  }
}

customElements.define('danmaku-layer', DanmakuLayer);
