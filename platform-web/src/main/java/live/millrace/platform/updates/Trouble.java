// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.updates;

/** Why an answer was none. */
public enum Trouble {
    /** Nobody is there, or its name is not known. */
    UNREACHABLE,
    SLOW,
    /** It proves by nothing that it is who it says. */
    CERTIFICATE,
    /** Another status than 200. */
    STATUS,
    /** Sent on too often, or to a place where the site does not go. */
    REDIRECT,
    /** More than the site reads. */
    LONG,
    /** No JSON, or without a version. */
    MALFORMED
}
