// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

/**
 * What a handler that stands before an {@link HttpConnection}, and answers some of its requests itself, tells it as a user event: a connection
 * that is lent out is neither idle nor waits for anything.
 */
public enum Lending {
    /** A request that the connection will not see is answered from now on. */
    LENT,
    /** It has been. */
    BACK
}
