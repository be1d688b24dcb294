// A camera that nobody watches sends nothing. Whoever asks for its playlist has it begin; that it did, the page hears as of any broadcast.
import type { Lifetime } from '../core/lifetime';
import { viewerId } from './viewer-id';

/** What is on its way is not asked for twice, nor what just did not come. */
const AGAIN_MILLIS = 3_000;
/** A camera that is away is asked for less often. */
const AWAY_MILLIS = 15_000;
/** After so many requests in vain the page says that it is away. */
const MOST_IN_VAIN = 2;

/**
 * Has the camera of a player begin whenever its page is seen and nothing is on. Says by data-waking that its picture is on its way: of one that
 * rests at once, of one that is away or whose picture broke off not before there is a playlist again. What is said of it changes once.
 */
export function keepAwake(player: HTMLElement, life: Lifetime): void {
  let asking = false;
  let inVain = 0;
  let next = 0;
  /** Nothing speaks against its coming soon. */
  let hope = true;
  let gone = false;
  const look = async () => {
    const off =
      ['OFFLINE', 'ENDED'].includes(player.dataset.state ?? '') &&
      !player.hasAttribute('data-gate') &&
      player.dataset.camera !== 'gone';
    if (['LIVE', 'RECONNECTING'].includes(player.dataset.state ?? '')) {
      inVain = 0;
      next = 0;
      hope = false;
    }
    if (gone && player.dataset.camera !== 'gone') {
      inVain = 0;
      next = 0;
      hope = true;
    }
    gone = player.dataset.camera === 'gone';
    player.toggleAttribute('data-waking', off && hope);
    if (!off || asking || document.visibilityState === 'hidden' || Date.now() < next) {
      return;
    }
    asking = true;
    try {
      const answer = await fetch(`${player.dataset.src}?v=${viewerId()}`, { cache: 'no-store', signal: life.signal });
      inVain = answer.ok ? 0 : inVain + 1;
      hope ||= answer.ok;
    } catch {
      inVain += 1;
    }
    hope &&= inVain < MOST_IN_VAIN;
    next = Date.now() + (inVain < MOST_IN_VAIN ? AGAIN_MILLIS : AWAY_MILLIS);
    asking = false;
  };
  life.every(1_000, () => void look());
  // Whether its camera is there is told a moment before its picture ends: nobody is to read meanwhile that it connects.
  const said = new MutationObserver(() => void look());
  said.observe(player, { attributes: true, attributeFilter: ['data-camera', 'data-state'] });
  life.atEnd(() => said.disconnect());
  life.atEnd(() => player.removeAttribute('data-waking'));
  void look();
}
