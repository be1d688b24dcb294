// A room as one page knows it. No document here: what came, what is still to be answered, where to go on after a cut.
import type { RefusedEvent } from '../core/socket';
import type { ChatMessage, Emote, Right, RoomEvent, RoomSettings, Sanction, Token } from '../wire/chat';

/** More messages than this nobody scrolls back; older ones leave the page. */
export const KEPT_MESSAGES = 200;

export interface Pending {
  id: string;
  text: string;
  replyTo: number | undefined;
  /** It waits until somebody allows it. */
  waits: boolean;
}

/** What the page has to do after an event. */
export type Change =
  | { kind: 'start' }
  | { kind: 'gap'; missed: number }
  | { kind: 'messages'; messages: ChatMessage[] }
  | { kind: 'settled'; id: string }
  | { kind: 'waits'; id: string }
  | { kind: 'refused'; pending: Pending; reason: string; retryMillis: number; number: number | null }
  | { kind: 'settings' }
  | { kind: 'removed'; seqs: number[] }
  | { kind: 'restored'; messages: ChatMessage[] }
  | { kind: 'warned'; reason: string }
  | { kind: 'resend'; pending: Pending[] };

export class ChatState {
  settings: RoomSettings | undefined;
  emotes: Emote[] = [];
  me: string | undefined;
  /** As a guest without an account calls themselves. */
  guest: string | undefined;
  moderator = false;
  rights: ReadonlySet<Right> = new Set();
  /** What may be typed with a stroke before it, as the server says. */
  commands: string[] = [];
  sanction: Sanction | undefined;
  pinned: ChatMessage | undefined;
  /** How old an account has to be to write, in hours; 0 while the shield is down. */
  shieldHours = 0;
  private last: number | undefined;
  private readonly pending = new Map<string, Pending>();
  private readonly authors = new Map<string, string>();

  /** The number of the last message that this page has; where the server goes on. */
  seen(): number | undefined {
    return this.last;
  }

  /** Names of those who wrote last and can be mentioned, the newest first. */
  recentAuthors(): { name: string; display: string }[] {
    return [...this.authors].reverse().map(([name, display]) => ({ name, display }));
  }

  say(pending: Pending): void {
    this.pending.set(pending.id, pending);
  }

  forget(id: string): void {
    this.pending.delete(id);
  }

  apply(event: RoomEvent | RefusedEvent): Change[] {
    switch (event.type) {
      case 'room':
        this.settings = event.settings;
        this.emotes = event.emotes;
        this.pinned = event.pinned;
        this.shieldHours = event.shieldHours;
        return [{ kind: 'settings' }];
      case 'you':
        this.me = event.name ?? undefined;
        this.guest = event.guest;
        this.moderator = event.moderator;
        this.rights = new Set(event.rights);
        this.commands = event.commands ?? [];
        this.sanction = event.sanction;
        return [{ kind: 'settings' }];
      case 'history':
        return this.history(event);
      case 'messages':
        return this.take(event.messages);
      case 'removed':
      case 'restored':
      case 'warned':
        return [changeOf(event)];
      case 'said':
        this.pending.delete(event.id);
        return [{ kind: 'settled', id: event.id }];
      case 'waits': {
        const waiting = this.pending.get(event.id);
        if (waiting) {
          waiting.waits = true;
        }
        return [{ kind: 'waits', id: event.id }];
      }
      case 'not-said': {
        const pending = this.pending.get(event.id);
        this.pending.delete(event.id);
        return pending
          ? [
              {
                kind: 'refused',
                pending,
                reason: event.reason,
                retryMillis: event.retryMillis,
                number: event.number,
              },
            ]
          : [];
      }
      case 'refused':
        return [];
    }
  }

  private history(event: Extract<RoomEvent, { type: 'history' }>): Change[] {
    const changes: Change[] = [];
    if (!event.resumed) {
      changes.push(event.missed > 0 ? { kind: 'gap', missed: event.missed } : { kind: 'start' });
      this.last = undefined;
    }
    if (event.removed.length > 0) {
      changes.push({ kind: 'removed', seqs: event.removed });
    }
    changes.push(...this.take(event.messages));
    this.last ??= 0;
    const unanswered = [...this.pending.values()].filter((pending) => !pending.waits);
    if (unanswered.length > 0) {
      changes.push({ kind: 'resend', pending: unanswered });
    }
    return changes;
  }

  /** Messages come in order; one that is here already came twice because the page joined in between. */
  private take(messages: ChatMessage[]): Change[] {
    const fresh = messages.filter((message) => this.last === undefined || message.seq > this.last);
    if (fresh.length === 0) {
      return [];
    }
    this.last = fresh[fresh.length - 1]?.seq;
    const changes: Change[] = [{ kind: 'messages', messages: fresh }];
    for (const message of fresh) {
      if (message.author.name && !message.author.badges.includes('guest')) {
        this.authors.delete(message.author.name);
        this.authors.set(message.author.name, message.author.display);
      }
      if (message.author.name === this.me) {
        changes.push(...this.allowed(message));
      }
    }
    while (this.authors.size > KEPT_MESSAGES) {
      this.authors.delete(this.authors.keys().next().value as string);
    }
    return changes;
  }

  /** A message of mine that waited is there: the one that says the same, for others may wait on. */
  private allowed(message: ChatMessage): Change[] {
    const said = bare(message.tokens.map(typed).join(''));
    for (const pending of this.pending.values()) {
      if (pending.waits && bare(pending.text) === said) {
        this.pending.delete(pending.id);
        return [{ kind: 'settled', id: pending.id }];
      }
    }
    return [];
  }
}

/** What somebody typed to say a token. */
function typed(token: Token): string {
  switch (token.t) {
    case 'mention':
      return `@${token.v}`;
    case 'emote':
      return `:${token.v}:`;
    default:
      return token.v;
  }
}

/** Without what the server smooths: spaces, and characters that nobody sees. */
function bare(text: string): string {
  return text.normalize('NFC').replace(/[\s\p{C}]+/gu, '');
}

function changeOf(event: Extract<RoomEvent, { type: 'removed' | 'restored' | 'warned' }>): Change {
  switch (event.type) {
    case 'removed':
      return { kind: 'removed', seqs: event.seqs };
    case 'restored':
      return { kind: 'restored', messages: event.messages };
    case 'warned':
      return { kind: 'warned', reason: event.reason };
  }
}
