// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.net.URI;

/**
 * Where a stream is fetched from.
 *
 * @param uri without a user
 * @param user empty where nobody logs in
 * @param password of the user
 * @param datagrams media over UDP where both sides can; TCP otherwise
 * @param privateNetworks it may lie in one
 */
public record FetchedFrom(URI uri, String user, String password, boolean datagrams, boolean privateNetworks) {
    /** Secrets stand here, in the address as well. */
    @Override
    public String toString() {
        return "FetchedFrom[hidden]";
    }
}
