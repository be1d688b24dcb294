// What the page around the player says of the channel, and what a lock screen or a headset shows and does.
import { element, lang } from '../core/dom';
import { setCounted } from '../core/plural';
import type { ChannelEvent } from '../wire/live';

/** In every place that the page has for it. */
function say(fact: string, text: string): void {
  for (const place of document.querySelectorAll(`[data-fact="${fact}"]`)) {
    place.textContent = text;
  }
}

/** Writes title, category, tags and counts where the page has a place for them. */
export function describe(now: ChannelEvent): void {
  const facts = document.querySelector<HTMLElement>('.channel-facts');
  if (facts) {
    facts.dataset.state = now.state;
    document.querySelector('.channel-face')?.setAttribute('data-state', now.state);
    setCounted(facts, 'viewers', now.viewers);
  }
  say('title', now.title);
  setCounted(document, 'followers', now.followers);
  say('display-name', now.displayName);
  // Without a title the heading is the name already.
  document.querySelector('.channel-name')?.toggleAttribute('hidden', now.title === now.displayName);
  const category = document.querySelector<HTMLAnchorElement>('[data-fact="category"]');
  if (category) {
    category.hidden = now.category === null;
    if (now.category) {
      category.textContent = lang().startsWith('zh') ? now.category.nameZh : now.category.nameEn;
      category.href = `/categories/${now.category.slug}`;
    }
  }
  document.querySelector('[data-fact="tags"]')?.replaceChildren(
    ...now.tags.map((tag) => {
      const link = element('a', 'pill pill-tag', tag);
      link.href = `/tags/${encodeURIComponent(tag)}`;
      return link;
    }),
  );
  const name = now.displayName;
  const site = document.querySelector<HTMLMetaElement>('meta[name="application-name"]')?.content;
  document.title = [...(now.title === name ? [name] : [now.title, name]), ...(site ? [site] : [])].join(' – ');
}

/** Takes back what was said to the Media Session. */
export function silentSession(): void {
  if ('mediaSession' in navigator) {
    navigator.mediaSession.metadata = null;
    for (const action of ['play', 'pause', 'stop'] as const) {
      navigator.mediaSession.setActionHandler(action, null);
    }
  }
}

/** For the Media Session of the browser, where it has one. */
export function mediaSession(
  title: string,
  artist: string,
  poster: string,
  actions: { play: () => void; pause: () => void },
): void {
  if (!('mediaSession' in navigator)) {
    return;
  }
  navigator.mediaSession.metadata = new MediaMetadata({ title, artist, artwork: poster ? [{ src: poster }] : [] });
  navigator.mediaSession.setActionHandler('play', actions.play);
  navigator.mediaSession.setActionHandler('pause', actions.pause);
  navigator.mediaSession.setActionHandler('stop', actions.pause);
}
