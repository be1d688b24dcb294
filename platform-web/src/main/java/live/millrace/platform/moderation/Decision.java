// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation;

/** How a case can end; texts are {@code decision.*}. All but the first count as a strike. */
public enum Decision {
    DISMISS,
    WARN,
    /** The message or comment is removed, a video taken from view; a channel is no longer listed or found. */
    HIDE,
    END_STREAM,
    /** The stream ends and its key publishes no more for a while. */
    END_AND_BLOCK,
    SUSPEND_STREAMING,
    SUSPEND_ACCOUNT,
    /** The account is suspended, and the addresses it came from lately are banned. */
    BAN_ADDRESS;

    /** Whether it has a length. */
    public boolean timed() {
        return compareTo(END_AND_BLOCK) >= 0;
    }
}
