// A line as elements. Text becomes text nodes, never markup.
import { element, icon, lang } from '../core/dom';
import type { ChatLine, Token } from '../wire/chat';

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

/** The line's text, as somebody would type it. */
export function plainText(tokens: Token[]): string {
  return tokens
    .map((token) => (token.t === 'emote' ? `:${token.v}:` : token.t === 'mention' ? `@${token.v}` : token.v))
    .join('');
}

export function lineElement(line: ChatLine, me: string | undefined, words: Words): HTMLElement {
  const time = element(
    'time',
    'chat-time numbers',
    new Intl.DateTimeFormat(lang(), { hour: '2-digit', minute: '2-digit', hour12: false }).format(new Date(line.at)),
  );
  time.dateTime = line.at;
  const row = element('div', 'chat-line');
  row.dataset.seq = String(line.seq);
  row.dataset.name = line.author.name;
  row.tabIndex = -1;
  if (line.removed) {
    row.classList.add('chat-removed');
  }
  if (line.reply) {
    row.append(element('div', 'chat-reply', icon('reply'), `${line.reply.name}: ${line.reply.text}`));
  }
  for (const badge of line.author.badges) {
    const mark = element('span', `chat-badge chat-badge-${badge}`, icon(BADGES[badge]));
    mark.title = words[`badge.${badge}`] ?? badge;
    mark.append(element('span', 'visually-hidden', words[`badge.${badge}`] ?? badge));
    row.append(mark);
  }
  const gone = line.author.name === '';
  const name = element(
    'span',
    gone ? 'chat-name quiet' : `chat-name chat-hue-${line.author.hue}`,
    gone ? (words.gone ?? '–') : line.author.display,
  );
  if (!gone && line.author.display.toLowerCase() !== line.author.name) {
    name.title = `@${line.author.name}`;
  }
  const text = element('span', 'chat-text', ...line.tokens.map((token) => tokenNode(token, me)));
  row.append(
    name,
    element('span', 'chat-colon', lang().startsWith('zh') ? '：' : ': '),
    text,
    time,
    actionsButton(words),
  );
  if (me && line.tokens.some((token) => token.t === 'mention' && token.v.toLowerCase() === me)) {
    row.classList.add('chat-line-me');
  }
  return row;
}

/** What can be done with the line stands in a menu of its own, made when it is opened. */
function actionsButton(words: Words): HTMLButtonElement {
  const button = element('button', 'chat-actions', icon('ellipsis'));
  button.type = 'button';
  button.title = words.actions ?? 'Actions';
  button.setAttribute('aria-label', words.actions ?? 'Actions');
  button.setAttribute('aria-haspopup', 'menu');
  return button;
}

/** Shows that there was something; those who keep order still read it, struck through. */
export function strike(row: HTMLElement, words: Words, keeper: boolean, by?: string): void {
  row.classList.add('chat-removed');
  const note = by ? (words['removed.by'] ?? '').replace('{0}', by) : (words.removed ?? '');
  if (keeper) {
    row.querySelector('.chat-removed-by')?.remove();
    row.append(element('span', 'chat-removed-by', note));
  } else {
    row.replaceChildren(element('span', 'quiet', words.removed ?? ''));
  }
}
