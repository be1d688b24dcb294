// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

/** Why somebody may not watch: for logs and counters. The peer does not learn it. */
public enum PlayRefusal {
    /** Whoever was asked said no. */
    NOT_ALLOWED,
    /** Whoever was asked did not answer in time, or failed. */
    NO_ANSWER,
    /** It was allowed, and was sent away. */
    REVOKED,
    /** It was allowed for a time that is over. */
    EXPIRED,
    /** The session holds as many sockets as it was allowed. */
    TOO_MANY_SOCKETS,
    /** Its address has as many sessions as one may have, or the stream as many as are remembered. */
    TOO_MANY_SESSIONS,
    /** Its ticket was used from more networks than one person has, and from this one least lately. */
    TOO_MANY_NETWORKS,
    /** It asks more often than a player does. */
    TOO_FAST,
    /** It asks for a piece of what only those get who were allowed to watch. */
    NO_SESSION
}
