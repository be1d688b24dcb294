// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http.front;

import io.netty.channel.Channel;

/** Whom an exchange tells of its end, on its loop. */
interface ExchangeClient {
    /** @param goesOn there may be another; otherwise the connection has to close */
    void over(boolean goesOn);

    /** The site made it a socket: the other end of what the connection carries from now on. */
    void becameSocket(Channel site);
}
