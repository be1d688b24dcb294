// Every page.
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/layout.css';
import '../styles/pieces.css';
import '../directory/directory.css';
import '../notification/notification.css';
import '../icons/icons.svg?url';
import '../directory/follow-button';
import '../directory/live-directory';
import '../directory/search-box';
import '../notification/notice-bell';
import '../ui/auto-submit';
import '../ui/copy-field';
import '../ui/details-menu';
import '../ui/file-field';
import '../ui/local-time';
import '../ui/theme-switch';
