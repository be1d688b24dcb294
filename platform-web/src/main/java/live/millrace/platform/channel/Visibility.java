// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

/** Who finds and sees a channel's broadcasts, a video or a clip, the widest first. Those who run the channel always do. */
public enum Visibility {
    /** Listed, and seen by everybody. */
    PUBLIC,
    /** Seen by whoever has its address. */
    UNLISTED,
    /** Seen by whoever has an account. */
    REGISTERED,
    /** Seen by those who follow the channel. */
    FOLLOWERS,
    /** Seen by those on the channel's list of guests. */
    INVITED,
    /** Seen by whoever knows the channel's password, and by its guests. */
    PASSWORD,
    /** Seen by those who run the channel. */
    PRIVATE;

    /** Whether lists, search and feeds show it. */
    public boolean listed() {
        return this == PUBLIC;
    }

    /** Whether its media is for everybody who knows its address. */
    public boolean open() {
        return this == PUBLIC || this == UNLISTED;
    }

    /** Whether whoever may not see it does not learn that it is there. */
    public boolean secret() {
        return this == INVITED || this == PRIVATE;
    }
}
