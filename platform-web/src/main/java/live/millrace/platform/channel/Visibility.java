// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

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

    /**
     * For those alone whom both let in. A password and an account are had by different people: whom both let in then are the guests, as
     * everything but {@link #PRIVATE} does.
     */
    public Visibility and(Visibility other) {
        if (this == other || other == PUBLIC) {
            return this;
        }
        if (this == PRIVATE || other == PRIVATE) {
            return PRIVATE;
        }
        boolean guestsAlone = (this == PASSWORD && other.ofAccounts()) || (other == PASSWORD && ofAccounts());
        return guestsAlone || this == INVITED || other == INVITED ? INVITED : compareTo(other) < 0 ? other : this;
    }

    /** All that let in whomever this does. */
    public Set<Visibility> around() {
        return Arrays.stream(values()).filter(this::within).collect(Collectors.toUnmodifiableSet());
    }

    private boolean ofAccounts() {
        return this == REGISTERED || this == FOLLOWERS;
    }

    /** Whether it lets in nobody whom the other does not. What is listed is for more than what is not. */
    public boolean within(Visibility other) {
        return and(other) == this;
    }

    /** Whether whoever may not see it does not learn that it is there. */
    public boolean secret() {
        return this == INVITED || this == PRIVATE;
    }
}
