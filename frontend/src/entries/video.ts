// The page of a video.
import '../chat/chat.css';
import '../chat/messages.css';
import '../chat/people.css';
import '../chat/comments.css';
import '../player/watch.css';
import '../player/player.css';
import '../player/seek.css';
import '../player/channel.css';
import '../player/stats.css';
import '../player/clip.css';
import '../chat/chat-replay';
import '../chat/danmaku';
import '../player/video-player';
import '../player/watch-page';
import '../ui/report-dialog';
import '../ui/share-panel';

// Below the picture, and after it.
void import('../chat/video-comments');
