// A channel's page, and its chat alone.
import '../chat/chat.css';
import '../player/player.css';
import '../chat/chat-room';
import '../chat/danmaku';
import '../chat/held-messages';
import '../player/live-player';
import '../ui/report-dialog';
import '../ui/share-panel';
