// The broadcaster's pages.
import '../chat/chat.css';
import '../chat/messages.css';
import '../chat/people.css';
import '../chat/moderation.css';
import '../player/clip.css';
import '../studio/studio.css';
import '../studio/camera.css';
import '../studio/connect.css';
import '../studio/go-live.css';
import '../studio/trim.css';
import '../studio/upload.css';
import '../chat/chat-room';
import '../chat/held-messages';
import '../studio/attempt-log';
import '../studio/encoder-panel';
import '../studio/key-handover';
import '../studio/key-list';
import '../studio/moderation-desk';
import '../studio/stream-check';
import '../studio/studio-preview';
import '../studio/tag-field';
import '../ui/letter-count';
import '../ui/share-panel';

// Where a browser does not know scroll-initial-target yet.
if (!CSS.supports('scroll-initial-target', 'nearest')) {
  document.querySelector('.tabs [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
}

// One page of them each, which the others need not load.
if (document.querySelector('camera-card')) {
  void import('../studio/camera-card');
}
if (document.querySelector('go-live')) {
  void import('../studio/live/go-live');
}
if (document.querySelector('video-upload')) {
  void import('../studio/video-upload');
}
if (document.querySelector('video-trim')) {
  void import('../studio/video-trim');
}
