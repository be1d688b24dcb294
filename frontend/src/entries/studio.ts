// The broadcaster's pages.
import '../studio/studio.css';
import '../studio/attempt-log';
import '../studio/encoder-panel';
