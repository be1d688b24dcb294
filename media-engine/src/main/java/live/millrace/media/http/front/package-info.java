// SPDX-License-Identifier: Apache-2.0
/**
 * One port for everything: requests for media go to the engine's own routes, and all others to the site, over HTTP/1.1 on this machine.
 * What the site hears of a client is what is said here, and never what the client says of itself.
 */
@NullMarked
package live.millrace.media.http.front;

import org.jspecify.annotations.NullMarked;
