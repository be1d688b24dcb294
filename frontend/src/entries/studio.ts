// The broadcaster's pages.
import '../chat/chat.css';
import '../studio/studio.css';
import '../chat/chat-room';
import '../chat/held-lines';
import '../studio/attempt-log';
import '../studio/encoder-panel';
import '../studio/order-desk';
