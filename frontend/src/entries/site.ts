// Every page.
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/layout.css';
import '../styles/pieces.css';
import '../directory/directory.css';
import '../icons/icons.svg?url';
import '../directory/live-directory';
import '../ui/copy-field';
import '../ui/theme-switch';
