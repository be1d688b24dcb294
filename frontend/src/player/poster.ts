// What lies behind the plates when a broadcast is over: its last picture.

/** Asks for the newest picture there is; of a broadcast that was taken down there is none, and nothing of it stays. */
export async function showLastPicture(player: HTMLElement, broadcast: string): Promise<void> {
  const poster = player.querySelector('.stage-poster');
  const last = new Image(640, 360);
  last.className = 'stage-picture';
  last.alt = '';
  // Number 0 is no picture's own: whatever is the newest comes, and no cache keeps it.
  last.src = `/thumbnails/${broadcast}/0`;
  try {
    await last.decode();
    poster?.replaceChildren(last);
  } catch {
    poster?.querySelector(`.stage-picture[src*="${broadcast}"]`)?.remove();
  }
}
