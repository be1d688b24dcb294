// A picture that moves in the place of a still one: without sound, as low behind as can be, and not counted as a viewer.
import { element } from '../core/dom';
import type { Lifetime } from '../core/lifetime';
import { openSource } from '../player/open-source';

/** Over the still picture of a box until the end of the lifetime, which comes by itself when nothing can be played. */
export async function movePicture(box: Element, address: string, life: Lifetime): Promise<void> {
  const video = element('video', 'moving-picture');
  video.muted = true;
  video.playsInline = true;
  video.disablePictureInPicture = true;
  video.tabIndex = -1;
  video.setAttribute('aria-hidden', 'true');
  life.listen(video, 'playing', () => box.toggleAttribute('data-moving', true));
  life.atEnd(() => {
    video.remove();
    box.removeAttribute('data-moving');
  });
  const still = box.querySelector('img');
  if (still) {
    still.after(video);
  } else {
    box.prepend(video);
  }
  const end = () => life.end();
  try {
    await openSource(video, `${address}?preview=1`, { latency: 'low', audioOnly: false, height: 360 }, life, {
      failed: end,
      unsupported: end,
      changed: () => {},
    });
    await video.play();
  } catch {
    // No script, no permission, or nobody wants it any more: the still picture is there.
    end();
  }
}
