// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

/** Whether somebody may see a broadcast, a video or a clip, and if not, what they hear. */
public enum Access {
    OPEN,
    /** It is not there. */
    HIDDEN,
    /** Whoever signs in may. */
    ACCOUNT,
    /** Whoever follows the channel may, for which one signs in. */
    FOLLOW,
    /** Whoever says the password may. */
    PASSWORD;

    public boolean open() {
        return this == OPEN;
    }

    /** Whether there is something that somebody may do to see it, and so is told of. */
    public boolean toldOf() {
        return this == ACCOUNT || this == FOLLOW || this == PASSWORD;
    }
}
