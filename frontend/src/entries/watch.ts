// A channel's page, and its chat alone.
import '../chat/chat.css';
import '../chat/messages.css';
import '../chat/people.css';
import '../chat/moderation.css';
import '../player/watch.css';
import '../player/player.css';
import '../player/seek.css';
import '../player/channel.css';
import '../player/stats.css';
import '../player/clip.css';
import '../chat/chat-room';
import '../chat/danmaku';
import '../chat/held-messages';
import '../player/live-player';
import '../player/watch-page';
import '../ui/report-dialog';
import '../ui/share-panel';
