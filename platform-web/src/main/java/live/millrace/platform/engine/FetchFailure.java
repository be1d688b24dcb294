// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

/** Why nothing is fetched, for those who can mend it. */
public enum FetchFailure {
    /** Nobody is there: no such host, no route, nobody listens, no answer in time. */
    UNREACHABLE,
    /** User and password are wrong or missing. */
    WRONG_LOGIN,
    /** The other side knows no such stream. */
    NOT_FOUND,
    /** It answered in another protocol, or broke its own. */
    PROTOCOL,
    /** Nothing of what it offers can be carried. */
    UNSUPPORTED_MEDIA,
    /** It took us in, and sent no media in time. */
    NO_MEDIA,
    /** Its address may not be asked for from here. */
    FORBIDDEN_ADDRESS,
    /** It was cut off while it ran. */
    LOST
}
