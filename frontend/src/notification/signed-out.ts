// A page whose person was signed out elsewhere, or whose session ended: what it shows is theirs, and it goes.
import { ApiError, call } from '../core/api';

/**
 * Asks whether this browser is signed in no more, and loads the page anew then: as a stranger sees it, or the log-in page.
 *
 * @param kept whether somebody typed something here, which is not taken from them
 */
export async function leaveIfSignedOut(
  kept: () => boolean,
  ask: () => Promise<unknown> = () => call('GET', '/api/v1/notices'),
  reload: () => void = () => location.reload(),
): Promise<void> {
  try {
    await ask();
  } catch (failure) {
    // A socket may be refused for other reasons, and a server may be away: neither is worth a page.
    if (failure instanceof ApiError && failure.status === 401 && !kept()) {
      reload();
    }
  }
}
