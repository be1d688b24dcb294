// The page's one socket, which knows what is told and said under each topic.
import { PageSocket } from '../core/socket';
import type { Topics } from './topics';

let shared: PageSocket<Topics> | undefined;

export function pageSocket(): PageSocket<Topics> {
  if (!shared) {
    shared = new PageSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/socket`);
    // For diagnosis in the browser's console.
    Object.assign(window, { millraceSocket: shared });
  }
  return shared;
}
