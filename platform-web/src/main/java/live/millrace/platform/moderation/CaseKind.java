// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation;

/** What can be reported. */
public enum CaseKind {
    MESSAGE,
    CHANNEL,
    /** A channel while it is on air. */
    LIVE,
    USER,
    /** What was kept of a broadcast. */
    VIDEO,
    /** What somebody wrote below a video. */
    COMMENT
}
