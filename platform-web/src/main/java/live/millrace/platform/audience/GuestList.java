// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A channel's list of guests as its owner keeps it. Thread-safe. */
public interface GuestList {
    /** Of one channel, with those who were written to and did not come yet. */
    int MAX_GUESTS = 2_000;

    /** How many people somebody may put onto their lists in a day: each of them hears a bell. */
    int MAX_NAMED_A_DAY = 200;

    /** How many mails somebody may have sent in a day, to all of whom they invite. */
    int MAX_MAILS_A_DAY = 50;

    /** How many invitations a mail address gets in a day, whoever invites it. */
    int MAX_MAILS_TO_ONE = 5;

    /** Those on the list, the newest first. */
    List<GuestView> of(long channelId);

    /** What came of putting somebody onto the list. */
    sealed interface Added {
        record Done(GuestView guest) implements Added {}

        /** @param why the key of a text */
        record Refused(String why) implements Added {}
    }

    /** Puts an account onto the list at once; its bell rings. */
    Added addPerson(long channelId, String username);

    /**
     * Writes to a mail address, whose owner is on the list once they come by the link in it.
     *
     * @param language of the mail's first part; the other language follows
     */
    Added addMail(long channelId, String mail, Locale language);

    /** Whether mails can be sent. */
    boolean mails();

    /** Takes somebody off the list; links that are out do not bring them back. Answers whether they were on it. */
    boolean remove(long channelId, long guestId);

    /**
     * Puts a guest without an account back onto the list as if they had not been removed. Whoever came anew meanwhile stays who they are
     * now, and an invite that was revoked brings nobody back. Answers whether they are on it again.
     */
    boolean putBack(long channelId, long guestId);

    /** One of those on the list. */
    Optional<GuestView> find(long channelId, long guestId);
}
