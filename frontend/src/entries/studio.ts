// The broadcaster's pages.
import '../chat/chat.css';
import '../chat/messages.css';
import '../chat/people.css';
import '../chat/moderation.css';
import '../studio/studio.css';
import '../chat/chat-room';
import '../chat/held-messages';
import '../studio/attempt-log';
import '../studio/encoder-panel';
import '../studio/moderation-desk';
