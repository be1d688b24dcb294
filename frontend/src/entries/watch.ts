// A channel's page.
import '../player/player.css';
import '../player/live-player';
