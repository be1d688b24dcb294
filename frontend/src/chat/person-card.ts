// Somebody's card, beside their name: who they are, what one can do about them, and for moderators their tools.
import { call } from '../core/api';
import { element, icon, lang } from '../core/dom';
import { hueOf } from '../core/hues';
import type { Author, Card } from '../wire/chat';
import { guestMark, isGuest, shownName, type Words } from './message-view';

export interface CardHost {
  channel: string;
  words: Words;
  me(): string | undefined;
  /** Undefined for whoever cannot write here. */
  mention: ((name: string) => void) | undefined;
  muted(name: string): boolean;
  mute(name: string, on: boolean): void;
  report(name: string, shown: string): void;
  /** Whether the card stands beside something that was said; a guest is reported for that alone. */
  message: boolean;
  /** What moderators have beside; undefined for everybody else. */
  about: ((name: string, close: () => void) => Promise<HTMLElement>) | undefined;
}

const GAP = 6;
const EDGE = 8;

export async function openCard(at: HTMLElement, name: string, host: CardHost): Promise<void> {
  const { words } = host;
  const card = await call<Card>('GET', `/api/v1/channels/${host.channel}/people/${encodeURIComponent(name)}`);
  const { author } = card;
  const guest = isGuest(author);
  const panel = element('div', 'person-card sheet');
  panel.popover = 'auto';
  panel.setAttribute('role', 'dialog');
  panel.setAttribute('aria-label', author.display);
  const close = () => panel.hidePopover();
  const day = new Intl.DateTimeFormat(lang(), { dateStyle: 'medium' });
  const said = (key: string, moment: string | undefined) =>
    moment ? [(words[key] ?? '{0}').replace('{0}', day.format(new Date(moment)))] : [];
  const facts = [...said('card.joined', card.joined), ...said('card.followed', card.followedSince)];
  panel.append(
    element(
      'div',
      'person-head',
      face(author),
      element(
        'div',
        'person-names',
        element('strong', '', author.display),
        guest ? guestMark(words) : element('span', 'quiet small', `@${author.name}`),
      ),
    ),
  );
  const badges = author.badges.filter((badge) => badge !== 'guest');
  if (badges.length > 0) {
    panel.append(
      element(
        'p',
        'person-roles',
        ...badges.map((badge) => element('span', 'pill pill-tag', words[`badge.${badge}`] ?? badge)),
      ),
    );
  }
  if (facts.length > 0) {
    panel.append(element('p', 'quiet small', facts.join(' · ')));
  }
  const actions = element('div', 'person-actions');
  if (!guest) {
    const visit = element('a', 'pop-item', icon('tv'), words['card.visit'] ?? '');
    visit.href = `/${author.name}`;
    visit.target = '_blank';
    visit.rel = 'noopener';
    actions.append(visit);
  }
  const add = (symbol: string, text: string, run: () => void) => {
    const button = element('button', 'pop-item', icon(symbol), text);
    button.type = 'button';
    button.addEventListener('click', () => {
      close();
      run();
    });
    actions.append(button);
  };
  if (author.name !== host.me()) {
    const { mention } = host;
    if (mention && !guest) {
      add('at-sign', words['card.mention'] ?? '', () => mention(author.name));
    }
    const muted = host.muted(author.name);
    add(muted ? 'eye' : 'volume-x', words[muted ? 'card.unmute' : 'mute'] ?? '', () => host.mute(author.name, !muted));
    if (!guest || host.message) {
      add('flag', words['moderation.report'] ?? '', () => host.report(author.name, shownName(author, words)));
    }
  }
  panel.append(actions);
  panel.addEventListener('toggle', (event) => {
    if ((event as ToggleEvent).newState === 'closed') {
      panel.remove();
    }
  });
  document.body.append(panel);
  panel.showPopover();
  place(panel, at);
  actions.querySelector<HTMLElement>('a, button')?.focus();
  if (host.about && author.name !== host.me()) {
    panel.append(await host.about(author.name, close));
    place(panel, at);
  }
}

/** The same face as everywhere: the picture, or the first letter on two hues. */
export function face(author: Author, small = false): HTMLElement {
  const size = small ? ' avatar-small' : '';
  if (author.avatar) {
    const picture = element('img', `avatar${size}`);
    picture.src = author.avatar;
    picture.alt = '';
    return picture;
  }
  const made = element('span', `avatar own ${hueOf(author.display)}${size}`, [...author.display][0] ?? '');
  made.setAttribute('aria-hidden', 'true');
  return made;
}

/** Beside the name and within the window; at its foot where there is no room beside anything. */
function place(panel: HTMLElement, at: HTMLElement): void {
  if (window.innerWidth < 600) {
    return;
  }
  const name = at.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const left = Math.min(name.left, window.innerWidth - width - EDGE);
  const below = name.bottom + GAP;
  const top = below + height + EDGE <= window.innerHeight ? below : name.top - GAP - height;
  panel.style.left = `${Math.max(EDGE, left)}px`;
  panel.style.top = `${Math.max(EDGE, Math.min(top, window.innerHeight - height - EDGE))}px`;
}
