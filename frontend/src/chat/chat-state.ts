// A room as one page knows it. No document here: what came, what is still to be answered, where to go on after a cut.
import type { ChatLine, Emote, Right, RoomMessage, RoomSettings, Sanction } from '../wire/chat';

/** More lines than this nobody scrolls back; older ones leave the page. */
export const KEPT_LINES = 200;

export interface Pending {
  id: string;
  text: string;
  replyTo: number | undefined;
  /** It waits until somebody allows it. */
  waits: boolean;
}

/** What the page has to do after a message. */
export type Change =
  | { kind: 'start' }
  | { kind: 'gap'; missed: number }
  | { kind: 'lines'; lines: ChatLine[] }
  | { kind: 'settled'; id: string }
  | { kind: 'waits'; id: string }
  | { kind: 'refused'; pending: Pending; reason: string; retryMillis: number; number: number | null }
  | { kind: 'settings' }
  | { kind: 'removed'; seqs: number[] }
  | { kind: 'restored'; lines: ChatLine[] }
  | { kind: 'warned'; reason: string }
  | { kind: 'resend'; pending: Pending[] };

export class ChatState {
  settings: RoomSettings | undefined;
  emotes: Emote[] = [];
  me: string | undefined;
  keeper = false;
  rights: ReadonlySet<Right> = new Set();
  sanction: Sanction | undefined;
  pinned: ChatLine | undefined;
  /** How old an account has to be to write, in hours; 0 while the shield is down. */
  shieldHours = 0;
  private last: number | undefined;
  private readonly pending = new Map<string, Pending>();
  private readonly authors = new Map<string, string>();

  /** The number of the last line that this page has; where the server goes on. */
  seen(): number | undefined {
    return this.last;
  }

  /** Names of those who wrote last, the newest first. */
  recentAuthors(): { name: string; display: string }[] {
    return [...this.authors].reverse().map(([name, display]) => ({ name, display }));
  }

  say(pending: Pending): void {
    this.pending.set(pending.id, pending);
  }

  forget(id: string): void {
    this.pending.delete(id);
  }

  apply(message: RoomMessage): Change[] {
    switch (message.type) {
      case 'room':
        this.settings = message.settings;
        this.emotes = message.emotes;
        this.pinned = message.pinned;
        this.shieldHours = message.shieldHours;
        return [{ kind: 'settings' }];
      case 'you':
        this.me = message.name ?? undefined;
        this.keeper = message.keeper;
        this.rights = new Set(message.rights);
        this.sanction = message.sanction;
        return [{ kind: 'settings' }];
      case 'history':
        return this.history(message);
      case 'lines':
        return this.take(message.lines);
      case 'removed':
      case 'restored':
      case 'warned':
        return [changeOf(message)];
      case 'said':
        this.pending.delete(message.id);
        return [{ kind: 'settled', id: message.id }];
      case 'waits': {
        const waiting = this.pending.get(message.id);
        if (waiting) {
          waiting.waits = true;
        }
        return [{ kind: 'waits', id: message.id }];
      }
      case 'not-said': {
        const pending = this.pending.get(message.id);
        this.pending.delete(message.id);
        return pending
          ? [
              {
                kind: 'refused',
                pending,
                reason: message.reason,
                retryMillis: message.retryMillis,
                number: message.number,
              },
            ]
          : [];
      }
      case 'refused':
        return [];
    }
  }

  private history(message: Extract<RoomMessage, { type: 'history' }>): Change[] {
    const changes: Change[] = [];
    if (!message.resumed) {
      changes.push(message.missed > 0 ? { kind: 'gap', missed: message.missed } : { kind: 'start' });
      this.last = undefined;
    }
    if (message.removed.length > 0) {
      changes.push({ kind: 'removed', seqs: message.removed });
    }
    changes.push(...this.take(message.lines));
    this.last ??= 0;
    const unanswered = [...this.pending.values()].filter((pending) => !pending.waits);
    if (unanswered.length > 0) {
      changes.push({ kind: 'resend', pending: unanswered });
    }
    return changes;
  }

  /** Lines come in order; one that is here already came twice because the page joined in between. */
  private take(lines: ChatLine[]): Change[] {
    const fresh = lines.filter((line) => this.last === undefined || line.seq > this.last);
    if (fresh.length === 0) {
      return [];
    }
    this.last = fresh[fresh.length - 1]?.seq;
    const changes: Change[] = [{ kind: 'lines', lines: fresh }];
    for (const line of fresh) {
      if (line.author.name) {
        this.authors.delete(line.author.name);
        this.authors.set(line.author.name, line.author.display);
      }
      if (line.author.name === this.me) {
        changes.push(...this.allowed(line));
      }
    }
    while (this.authors.size > KEPT_LINES) {
      this.authors.delete(this.authors.keys().next().value as string);
    }
    return changes;
  }

  /** A line of mine that waited is there. */
  private allowed(line: ChatLine): Change[] {
    const text = line.tokens.map((token) => (token.t === 'link' ? token.v : '')).join('');
    for (const pending of this.pending.values()) {
      if (pending.waits && (text === '' || pending.text.includes(text.slice(0, 20)))) {
        this.pending.delete(pending.id);
        return [{ kind: 'settled', id: pending.id }];
      }
    }
    return [];
  }
}

function changeOf(message: Extract<RoomMessage, { type: 'removed' | 'restored' | 'warned' }>): Change {
  switch (message.type) {
    case 'removed':
      return { kind: 'removed', seqs: message.seqs };
    case 'restored':
      return { kind: 'restored', lines: message.lines };
    case 'warned':
      return { kind: 'warned', reason: message.reason };
  }
}
