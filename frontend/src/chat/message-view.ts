// A message as elements. Text becomes text nodes, never markup.
import { element, icon, lang } from '../core/dom';
import type { Author, ChatMessage, Reply, Token } from '../wire/chat';

export type Words = Record<string, string>;

const BADGES = { owner: 'video', moderator: 'shield', admin: 'star' } as const;

export function tokenNode(token: Token, me: string | undefined): Node {
  switch (token.t) {
    case 'link': {
      const link = element('a', 'chat-link', token.v.replace(/^https?:\/\//, ''));
      link.href = token.v;
      link.rel = 'nofollow ugc noopener noreferrer';
      link.target = '_blank';
      return link;
    }
    case 'mention':
      return element(
        'span',
        token.v.toLowerCase() === me ? 'chat-mention chat-mention-me' : 'chat-mention',
        `@${token.v}`,
      );
    case 'emote': {
      const picture = element('img', 'chat-emote');
      picture.src = token.src ?? '';
      picture.alt = `:${token.v}:`;
      picture.title = `:${token.v}:`;
      picture.width = 24;
      picture.height = 24;
      picture.loading = 'lazy';
      return picture;
    }
    default:
      return document.createTextNode(token.v);
  }
}

/** The message's text, as somebody would type it. */
export function plainText(tokens: Token[]): string {
  return tokens
    .map((token) => (token.t === 'emote' ? `:${token.v}:` : token.t === 'mention' ? `@${token.v}` : token.v))
    .join('');
}

/** Whether somebody has no account. */
export function isGuest(author: Author): boolean {
  return author.badges.includes('guest');
}

/** What somebody is called where there is no place for marks: a guest is never taken for an account of that name. */
export function called(display: string, guest: boolean, words: Words): string {
  return guest ? (words['guest.named'] ?? '{0}').replace('{0}', () => display) : display;
}

/** By what name an author is spoken of: an account by its own, a guest by theirs and as one. */
export function shownName(author: Author, words: Words): string {
  return isGuest(author) ? called(author.display, true, words) : author.name;
}

/** Who, and what they said. */
export function named(words: Words, who: string, said: string): string {
  return (words['moderation.named'] ?? '{0}: {1}').replace('{0}', () => who).replace('{1}', () => said);
}

const MAX_QUOTED = 80;

/** A message as it stands above an answer. */
export function quoted(message: ChatMessage): Reply {
  const text = [...plainText(message.tokens)].slice(0, MAX_QUOTED).join('');
  return message.removed
    ? { seq: message.seq, name: '', text: '', removed: true }
    : {
        seq: message.seq,
        name: message.author.display,
        text,
        ...(isGuest(message.author) ? { guest: true } : {}),
      };
}

/** @param answers whether the page's person may answer */
export function messageElement(
  message: ChatMessage,
  me: string | undefined,
  words: Words,
  answers = false,
): HTMLElement {
  const row = element('div', 'chat-message');
  row.dataset.seq = String(message.seq);
  row.dataset.name = message.author.name;
  row.tabIndex = -1;
  row.classList.toggle('chat-removed', message.removed === true);
  row.classList.toggle('chat-message-own', message.author.name !== '' && message.author.name === me);
  if (message.reply) {
    row.append(quote(message.reply, words));
  }
  for (const badge of message.author.badges) {
    if (badge === 'guest') {
      continue;
    }
    const mark = element('span', `chat-badge chat-badge-${badge}`, icon(BADGES[badge]));
    mark.title = words[`badge.${badge}`] ?? badge;
    mark.append(element('span', 'visually-hidden', words[`badge.${badge}`] ?? badge));
    row.append(mark);
  }
  row.append(
    nameOf(message.author, words),
    ...(isGuest(message.author) ? [guestMark(words)] : []),
    element('span', 'chat-colon', lang().startsWith('zh') ? '：' : ': '),
    element('span', 'chat-text', ...message.tokens.map((token) => tokenNode(token, me))),
    tools(message, words, answers),
  );
  if (me && message.tokens.some((token) => token.t === 'mention' && token.v.toLowerCase() === me)) {
    row.classList.add('chat-message-me');
  }
  return row;
}

/** Beside the name of whoever has no account. */
export function guestMark(words: Words): HTMLElement {
  return element('span', 'chat-guest', words['badge.guest'] ?? 'Guest');
}

/** A name that opens the card of whoever has it. */
function nameOf(author: Author, words: Words): HTMLElement {
  if (author.name === '') {
    return element('span', 'chat-name quiet', author.display || (words.gone ?? '–'));
  }
  const name = element('button', `chat-name chat-hue-${author.hue}`, author.display);
  name.type = 'button';
  name.tabIndex = -1;
  name.setAttribute('aria-haspopup', 'dialog');
  if (!isGuest(author) && author.display.toLowerCase() !== author.name) {
    name.title = `@${author.name}`;
  }
  return name;
}

/** What a message answers; it leads there. */
export function quote(reply: Reply, words: Words): HTMLElement {
  const who = called(reply.name || (words.gone ?? '–'), reply.guest === true, words);
  const text = reply.removed ? (words.removed ?? '') : named(words, who, reply.text);
  const made = element('button', 'chat-reply', icon('reply'), element('span', '', text));
  made.type = 'button';
  made.tabIndex = -1;
  made.dataset.to = String(reply.seq);
  made.disabled = reply.removed === true;
  return made;
}

/** One bar at the end of a row: when it was said, to answer it, and the rest in a menu that is made when it is opened. */
function tools(message: ChatMessage, words: Words, answers: boolean): HTMLElement {
  const time = element(
    'time',
    'chat-time numbers',
    new Intl.DateTimeFormat(lang(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
      new Date(message.at),
    ),
  );
  time.dateTime = message.at;
  const button = (className: string, symbol: string, name: string) => {
    const made = element('button', className, icon(symbol));
    made.type = 'button';
    made.tabIndex = -1;
    made.title = name;
    made.setAttribute('aria-label', name);
    return made;
  };
  const actions = button('chat-actions', 'ellipsis', words.actions ?? 'Actions');
  actions.setAttribute('aria-haspopup', 'menu');
  const bar = element('span', 'chat-bar', time);
  if (answers && !message.removed) {
    bar.append(button('chat-answer', 'reply', words.reply ?? 'Reply'));
  }
  bar.append(actions);
  return bar;
}

/** Shows that there was something; moderators still read it, struck through. */
export function strike(row: HTMLElement, words: Words, moderator: boolean, by?: string): void {
  row.classList.add('chat-removed');
  const note = by ? (words['removed.by'] ?? '').replace('{0}', by) : (words.removed ?? '');
  if (moderator) {
    row.querySelector('.chat-removed-by')?.remove();
    row.append(element('span', 'chat-removed-by', note));
  } else {
    row.replaceChildren(element('span', 'quiet', words.removed ?? ''));
  }
}
