// A message as elements. Text becomes text nodes, never markup.
import { element, icon, lang } from '../core/dom';
import type { ChatMessage, Token } from '../wire/chat';

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

/** Who, and what they said. */
export function named(words: Words, who: string, said: string): string {
  return (words['moderation.named'] ?? '{0}: {1}').replace('{0}', () => who).replace('{1}', () => said);
}

export function messageElement(message: ChatMessage, me: string | undefined, words: Words): HTMLElement {
  const time = element(
    'time',
    'chat-time numbers',
    new Intl.DateTimeFormat(lang(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
      new Date(message.at),
    ),
  );
  time.dateTime = message.at;
  const row = element('div', 'chat-message');
  row.dataset.seq = String(message.seq);
  row.dataset.name = message.author.name;
  row.tabIndex = -1;
  if (message.removed) {
    row.classList.add('chat-removed');
  }
  if (message.reply) {
    row.append(element('div', 'chat-reply', icon('reply'), named(words, message.reply.name, message.reply.text)));
  }
  for (const badge of message.author.badges) {
    const mark = element('span', `chat-badge chat-badge-${badge}`, icon(BADGES[badge]));
    mark.title = words[`badge.${badge}`] ?? badge;
    mark.append(element('span', 'visually-hidden', words[`badge.${badge}`] ?? badge));
    row.append(mark);
  }
  const gone = message.author.name === '';
  const name = element(
    'span',
    gone ? 'chat-name quiet' : `chat-name chat-hue-${message.author.hue}`,
    gone ? (words.gone ?? '–') : message.author.display,
  );
  if (!gone && message.author.display.toLowerCase() !== message.author.name) {
    name.title = `@${message.author.name}`;
  }
  const text = element('span', 'chat-text', ...message.tokens.map((token) => tokenNode(token, me)));
  row.append(
    name,
    element('span', 'chat-colon', lang().startsWith('zh') ? '：' : ': '),
    text,
    time,
    actionsButton(words),
  );
  if (me && message.tokens.some((token) => token.t === 'mention' && token.v.toLowerCase() === me)) {
    row.classList.add('chat-message-me');
  }
  return row;
}

/** What can be done with the message stands in a menu of its own, made when it is opened. */
function actionsButton(words: Words): HTMLButtonElement {
  const button = element('button', 'chat-actions', icon('ellipsis'));
  button.type = 'button';
  button.title = words.actions ?? 'Actions';
  button.setAttribute('aria-label', words.actions ?? 'Actions');
  button.setAttribute('aria-haspopup', 'menu');
  return button;
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
